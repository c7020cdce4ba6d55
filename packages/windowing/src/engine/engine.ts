import { badArgument, expectCount, expectGroupId, expectGroupNames, expectTime } from '../checks.js'
import type { EventColumns } from '../intake/event-columns.js'
import { Intake } from '../intake/intake.js'
import type { ReleasedFrames } from '../intake/released.js'
import type { Runs } from '../intake/runs.js'
import { loadEngine, plainRecords } from '../snapshot/engine-snapshot.js'
import type { Saved } from '../snapshot/saved.js'
import type { EngineHead, GroupNames, WindowingSnapshot } from '../snapshot/snapshot.js'
import { absorb } from '../store/absorb.js'
import { announce, type GroupOrder, nextAnnouncement } from '../store/announce.js'
import type { Pane } from '../store/pane.js'
import { withoutPauses } from '../store/pauses.js'
import { EngineCore } from './core.js'
import type { WindowEngineOptions } from './options.js'
import { type Expired, takeExpired } from './retention.js'
import { SavableEngine } from './savable-engine.js'

/**
 * Event-time windows over any mergeable state. The caller pushes columns of times and gets runs of (slot, outcome). It
 * adds the rows of counted runs to `state(slot)`, then takes the panes that are due.
 *
 * ```ts
 * for (let row = 0; row < rows; ) {
 *   row = engine.push(partition, columns, row, rows)
 *   // add the rows of each counted run of engine.runs to engine.state(slot)
 *   for (const pane of engine.takePanes()) publish(pane)
 * }
 * ```
 *
 * Every method that takes a partition, except `addPartition` and `pushPlain`, throws WindowingError unknown-partition
 * for one that was not added.
 */
export class WindowEngine<S> extends SavableEngine<S> {
  /** The result of the last `push` or `flush`. */
  readonly runs: Runs
  /** The frames that left the far-future guard in the last `push` or `flush`; runs of source `released` point here. */
  readonly released: ReleasedFrames

  private readonly intake: Intake<S>

  /** @throws WindowingError bad-option */
  constructor(options: WindowEngineOptions<S>) {
    super(new EngineCore(options))
    this.intake = new Intake(this.core)
    this.runs = this.intake.runs
    this.released = this.intake.released
  }

  /** The state that the rows of a counted run are added to. @param slot of `runs`, before the next call of the engine */
  state(slot: number): S {
    return this.core.cellAt(slot).state as S
  }

  /** With totals: the state of the total of the slot's window. Add the same rows to it. */
  totalState(slot: number): S {
    return this.core.totalAt(slot).state as S
  }

  /** Adds a partition, active and without a watermark. No effect if it is known. */
  addPartition(partition: number): void {
    this.intake.reset()
    this.core.addPartition(partition)
  }

  /** Forgets a partition and its held frames, which its snapshot keeps. Take the panes afterwards. */
  removePartition(partition: number): void {
    this.intake.reset()
    this.core.removePartition(partition)
  }

  /**
   * Declares that a partition has ended: its held frames are judged (fills `runs`: add their rows), and it no longer holds
   * the watermark back. Take the panes afterwards.
   *
   * @throws WindowingError panes-due (take the panes first)
   */
  endPartition(partition: number): void {
    const input = this.core.partition(partition)
    this.intake.flush([input])
    input.mark.ended = true
    this.core.settle()
  }

  /**
   * Judges the held frames of a partition that has had no new events for long: those that nothing has contradicted count,
   * the others leave as too far ahead (fills `runs`: add their rows). Its trusted time and its watermark do not change.
   * Take the panes afterwards.
   *
   * @throws WindowingError panes-due (take the panes first)
   */
  flushHeld(partition: number): void {
    const input = this.core.partition(partition)
    this.intake.flush([input])
    if (input.idleWhenDecided) this.core.idle(partition)
    else this.core.settle()
  }

  /**
   * Declares a partition idle (caught up, with nothing new): it no longer holds the watermark back. If it holds a frame that
   * nothing has contradicted, this takes effect with `flushHeld`, because no other partition may make the frame late.
   * Take the panes afterwards.
   */
  idle(partition: number): void {
    this.intake.reset()
    this.core.idle(partition)
  }

  /** Raises a partition's watermark independently of its events, and makes it active. Take the panes afterwards. */
  observe(partition: number, watermark: number): void {
    this.intake.reset()
    const input = this.core.partition(partition)
    const { mark } = input
    expectTime('watermark', watermark)
    this.core.wake(input)
    if (watermark > mark.watermark) mark.watermark = watermark
    this.core.settle()
  }

  /** Declares a partition active, as an event does. Its watermark does not change. */
  active(partition: number): void {
    this.intake.reset()
    this.core.wake(this.core.partition(partition))
    this.core.settle()
  }

  /**
   * Handles rows of a partition from `from` on and stops after a row that makes panes due. Fills `runs`.
   *
   * @param to the row after the last one
   * @returns the row after the last one handled
   * @throws WindowingError unknown-partition; panes-due (take the panes first); bad-argument
   */
  push(partition: number, columns: EventColumns, from: number, to: number): number {
    return this.intake.push(partition, columns, from, to)
  }

  /**
   * The fast path for one event in the same window as the previous one; leaves `runs` unchanged.
   *
   * @returns the slot of the state to add it to; -1: nothing was done, use `push`
   * @throws WindowingError bad-argument
   */
  pushPlain(partition: number, time: number, group: number): number {
    if (typeof time !== 'number') throw badArgument('time', 'a number of milliseconds', time)
    return this.intake.extendByOne(partition, time, group)
  }

  /**
   * Takes what another engine with the same base counted for a base window of one partition, instead of `push`. The
   * watermark of this partition moves by `observe`.
   *
   * @param start of the base window, or any time in it
   * @param state taken over when `owned` is true, otherwise left as it is
   * @param events of the partition in the window and group so far, of which those not absorbed before are added
   * @returns false if the window has dropped its state; nothing was done then
   * @throws WindowingError unknown-partition; panes-due (take the panes first); bad-argument
   */
  absorb(partition: number, start: number, group: number, state: S, events: number, owned = false): boolean {
    if (!Number.isSafeInteger(start)) throw badArgument('start', 'a time as whole milliseconds', start)
    expectGroupId(group)
    expectCount('events', events)
    if (typeof owned !== 'boolean') throw badArgument('owned', 'true or false', owned)
    this.core.expectNoPanes()
    this.core.partition(partition)
    this.intake.reset()
    return absorb(this.core, { partition, start, group, state, events, owned })
  }

  /** The panes that are due: finals, then corrections, each by end, size and arrival. Windows past their lateness drop their state. */
  takePanes(): Pane<S>[] {
    if (!this.core.due) return []
    this.core.due = false
    this.intake.reset()
    return this.core.store.fire(this.watermark)
  }

  /**
   * What has expired by `options.retention` since the last call: for each size, all windows that end at or before a time.
   * Retention is in event time (the combined watermark), never by a clock.
   */
  takeExpired(): Expired[] {
    return takeExpired(this.core)
  }

  /**
   * Provisional panes of all windows that have not ended but changed since their last pane, by end, size and arrival.
   * Rolling views have none.
   *
   * @throws WindowingError panes-due (take the panes first)
   */
  early(): Pane<S>[] {
    this.intake.reset()
    this.core.expectNoPanes()
    return this.core.store.early(this.watermark)
  }

  /**
   * Processing-time flush: what a flush would publish now of the windows that end at or before `until`, finals first,
   * each by end, size and group, while the caller takes them. It may stop anywhere, or make other calls of the engine in
   * between. Nothing is closed and no watermark moves: events that still arrive count, and correct what was published.
   * A window that was published this way and does not change is not fired again.
   *
   * @param until ms
   * @param order of group ids; null: any, which takes less time
   * @throws WindowingError panes-due (take the panes first)
   */
  announce(until: number, order: GroupOrder | null = byId): Iterable<Pane<S>> {
    return withoutPauses(this.announceInSteps(until, order))
  }

  /** The same, yielding undefined after some milliseconds of work without a pane, so that the caller can pause. */
  announceInSteps(until: number, order: GroupOrder | null = byId): Iterable<Pane<S> | undefined> {
    expectTime('until', until)
    if (order !== null && typeof order !== 'function') {
      throw badArgument('order', 'a comparison of group ids, or null', order)
    }
    this.core.expectNoPanes()
    this.intake.reset()
    return announce(this.core.store, until, this.core.watermarks, order)
  }

  /**
   * Judges the held frames of all partitions as `flush` does, but fires nothing and moves no watermark: for the sums of
   * a run that stops without publishing its open windows. Fills `runs`: add their rows.
   *
   * @throws WindowingError panes-due (take the panes first)
   */
  judgeHeld(): void {
    this.intake.flush(this.core.partitions.values())
  }

  /** When `announce` has more to publish: the end of the first such window after `until`; Infinity if there is none. */
  nextAnnouncement(until: number): number {
    expectTime('until', until)
    return nextAnnouncement(this.core.store, until, this.core.watermarks)
  }

  /**
   * Fires base windows that hold events, and what ends with them, after a longer silence of the stream than the caller wants
   * to wait. Held frames are judged first, as by `flushHeld` (fills `runs`: add their rows), but fire nothing: one flipped
   * bit at the end must not move the watermark by a century. The stream may go on; events for these windows are then late, or
   * corrections. Take the panes afterwards.
   *
   * @throws WindowingError panes-due (take the panes first)
   */
  quiet(): void {
    const end = this.core.store.newestBaseEnd
    this.intake.flush(this.core.partitions.values())
    for (const { mark } of this.core.partitions.values()) mark.watermark = Math.max(mark.watermark, end - 1)
    this.core.settle()
  }

  /**
   * The end of all input: empties the guard (fills `runs`: add their rows). Every window fires or is corrected with the
   * next `takePanes`. Everything pushed afterwards is late.
   *
   * @throws WindowingError panes-due (take the panes first)
   */
  flush(): void {
    const { core } = this
    this.intake.flush(core.partitions.values())
    core.finish()
  }

  /**
   * Restores a whole snapshot into a new engine. Partitions start active. Sizes above the base, rolling
   * views, out-of-orderness, lateness and limits may have changed; windows closed then stay closed. Partitions of the
   * options that the snapshot lacks begin without a watermark and hold the combined one: remove those no longer read.
   *
   * @throws WindowingError bad-snapshot: of another format or version, only changes, or the engine is not new; settings-differ
   */
  restore(snapshot: WindowingSnapshot, groups?: GroupNames): void {
    expectGroupNames(groups)
    this.restoreRecords(snapshot, plainRecords(this.core, snapshot, groups), groups)
  }

  /**
   * The same from the parts of a snapshot. The records must hold the last one of each window (or step, or view) and group,
   * and none that was forgotten. The engine takes over their states.
   */
  restoreRecords(head: EngineHead, records: Iterable<Saved<S>>, groups?: GroupNames): void {
    if (
      typeof (records as Partial<typeof records> | null)?.[Symbol.iterator] !== 'function' ||
      typeof records === 'string'
    ) {
      throw badArgument('records', 'an iterable of records', records)
    }
    expectGroupNames(groups)
    this.intake.reset()
    loadEngine(this.core, head, records, groups)
  }
}

function byId(a: number, b: number): number {
  return a - b
}
