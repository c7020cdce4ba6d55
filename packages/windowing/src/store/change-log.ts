import type { Held, NextRevision } from '../rolling/rolling-parts.js'
import type { Forgotten } from '../snapshot/saved.js'
import { ChangeList } from './change-list.js'
import type { Cell } from './open-window.js'

/** What changed in all windows and rolling views since the last snapshot of changes. */
export class ChangeLog<S> {
  readonly cells: ChangeList<Cell<S>>
  readonly steps: ChangeList<Held<S>>
  readonly revisions: ChangeList<NextRevision>
  private forgotten: Forgotten[] = []
  /** Grows with every change, so that a snapshot notices when it is no longer one moment. */
  version = 0

  constructor(readonly tracking: boolean) {
    this.cells = new ChangeList(tracking)
    this.steps = new ChangeList(tracking)
    this.revisions = new ChangeList(tracking)
  }

  /** A window, a step or the revisions of a view have been dropped. */
  forget(what: Forgotten['what'], of: string, at: number): void {
    if (this.tracking) this.forgotten.push({ kind: 'forgotten', what, of, at })
  }

  takeForgotten(): Forgotten[] {
    const { forgotten } = this
    this.forgotten = []
    return forgotten
  }

  putBackForgotten(forgotten: readonly Forgotten[]): void {
    this.forgotten = [...forgotten, ...this.forgotten]
  }
}
