import type { EngineCore } from '../engine/core.js'
import { WindowingError } from '../errors.js'
import type { Held, NextRevision } from '../rolling/rolling-parts.js'
import type { ChangeLog } from '../store/change-log.js'
import type { Cell } from '../store/open-window.js'
import { saveHead } from './engine-snapshot.js'
import type { Forgotten, Saved } from './saved.js'
import { savedCell, savedRevision, savedStep } from './saved-cell.js'
import type { EngineHead, GroupNames } from './snapshot.js'

/**
 * A snapshot of what changed, read record by record: states are live, to be written down before the next call of the
 * engine. Read it to its end before the engine changes; then either `ack` it, once what was written is
 * safe, or `abandon` it. Until then everything it holds counts as unsaved.
 */
export class ChangeStream<S> implements Iterable<Saved<S>> {
  /** What the engine keeps besides windows and views. */
  readonly head: EngineHead

  private state: 'open' | 'acknowledged' | 'abandoned' = 'open'
  private readonly version: number
  private readonly cells: readonly Cell<S>[]
  private readonly steps: readonly Held<S>[]
  private readonly revisions: readonly NextRevision[]
  private readonly forgotten: Forgotten[]
  private releasedCells = 0
  private releasedSteps = 0
  private releasedRevisions = 0
  private read = false

  constructor(
    head: EngineHead,
    private readonly log: ChangeLog<S>,
  ) {
    this.head = head
    this.version = log.version
    this.cells = log.cells.take()
    this.steps = log.steps.take()
    this.revisions = log.revisions.take()
    this.forgotten = log.takeForgotten()
  }

  get isOpen(): boolean {
    return this.state === 'open'
  }

  /**
   * What is no more, then what changed; a record replaces the earlier one of the same window (or step, or view) and
   * group. Once only.
   *
   * @throws WindowingError snapshot-open: the engine changed in between, or the stream is closed
   */
  *[Symbol.iterator](): Generator<Saved<S>, void, undefined> {
    yield* this.forgotten
    while (this.releasedCells < this.cells.length) {
      this.expectUnchanged()
      const cell = this.cells[this.releasedCells++]!
      this.log.cells.release(cell)
      if (!cell.window.closed) yield savedCell(cell)
    }
    while (this.releasedSteps < this.steps.length) {
      this.expectUnchanged()
      const held = this.steps[this.releasedSteps++]!
      this.log.steps.release(held)
      if (!held.part.closed) yield savedStep(held)
    }
    while (this.releasedRevisions < this.revisions.length) {
      this.expectUnchanged()
      const next = this.revisions[this.releasedRevisions++]!
      this.log.revisions.release(next)
      if (!next.closed) yield savedRevision(next)
    }
    this.read = true
  }

  /**
   * What was read is safe: it need not be saved again unless it changes, or has changed since.
   *
   * @throws WindowingError snapshot-open: it was not read to its end, or is closed already
   */
  ack(): void {
    if (!this.read || !this.isOpen) throw misused(`${this.read ? this.state : 'not read to its end'}`)
    this.state = 'acknowledged'
  }

  /** What was read is lost: it is in the next stream of changes again. No effect on one that is closed. */
  abandon(): void {
    if (!this.isOpen) return
    this.state = 'abandoned'
    this.log.cells.putBack(this.cells, this.releasedCells)
    this.log.steps.putBack(this.steps, this.releasedSteps)
    this.log.revisions.putBack(this.revisions, this.releasedRevisions)
    this.log.putBackForgotten(this.forgotten)
  }

  private expectUnchanged(): void {
    if (!this.isOpen) throw misused(this.state)
    if (this.log.version === this.version) return
    throw misused('one whose engine has changed since')
  }
}

/** What a stream of changes holds. */
export interface ChangeOptions {
  readonly groups?: GroupNames
  readonly whole?: boolean
}

/**
 * Opens the next stream of changes.
 *
 * @param before the stream before
 * @throws WindowingError not-tracked; snapshot-open
 */
export function openChanges<S>(
  core: EngineCore<S>,
  before: ChangeStream<S> | undefined,
  { groups, whole = false }: ChangeOptions,
): ChangeStream<S> {
  const { log } = core.store
  if (!log.tracking) {
    throw new WindowingError(
      'not-tracked',
      'Expected an engine that tracks changes, found one that does not; make it with trackChanges: true.',
    )
  }
  if (before?.isOpen) throw misused('the stream before still open')
  if (whole) noteAll(core)
  return new ChangeStream(saveHead(core, groups), log)
}

/** Lists everything in the windows and rolling views as changed. */
function noteAll<S>({ plan, store: { log, open, views } }: EngineCore<S>): void {
  for (const size of plan) for (const cell of open.cells(size)) log.cells.note(cell)
  for (const view of views.flat()) {
    for (const held of view.held()) log.steps.note(held)
    for (const next of view.revisions()) log.revisions.note(next)
  }
}

function misused(found: string): WindowingError {
  return new WindowingError(
    'snapshot-open',
    `Expected an open stream of changes, read to its end before the engine changes, found ${found}; abandon it and take another.`,
  )
}
