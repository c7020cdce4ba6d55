import type { Pane } from '@card/windowing'
import type { Growth } from '../state/growth.js'
import type { WindowState } from '../state/window-state.js'
import type { Partial } from './partial.js'

/** Partials with their states as bytes, which wait for the step that sends them. */
export class PendingPartials {
  private partials: Partial[] = []
  private readonly groups = new Set<number>()

  constructor(private readonly growth: Growth) {}

  /** Adds what a pane has to send; returns how many bytes of states that is. */
  add({ start, group, events, added, state }: Pane<WindowState>): number {
    this.groups.add(group)
    let sum = 0
    const pieces = this.growth.bytesToSend(state)
    pieces.forEach((bytes, i) => {
      // Events come with the last piece: what they belong to is all there then.
      const isLast = i === pieces.length - 1
      const numbers = isLast ? { events, added } : { events: events - added, added: 0 }
      this.partials.push({ start, group, ...numbers, state: { form: 'bytes', bytes } })
      sum += bytes?.length ?? 0
    })
    return sum
  }

  addAll(panes: Iterable<Pane<WindowState>>): void {
    for (const pane of panes) this.add(pane)
  }

  /** Whether a partial that waits names a group. */
  has(group: number): boolean {
    return this.groups.has(group)
  }

  get isEmpty(): boolean {
    return this.partials.length === 0
  }

  take(): Partial[] {
    const { partials } = this
    this.partials = []
    this.groups.clear()
    return partials
  }
}
