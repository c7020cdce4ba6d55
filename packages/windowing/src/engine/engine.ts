import type { EventColumns } from '../intake/event-columns.js'
import { Intake } from '../intake/intake.js'
import type { ReleasedFrames } from '../intake/released.js'
import { type OutcomeName, outcomeNames, type Runs } from '../intake/runs.js'
import { loadEngine, saveEngine } from '../snapshot/engine-snapshot.js'
import type { GroupNames, WindowingSnapshot } from '../snapshot/snapshot.js'
import type { Pane } from '../store/pane.js'
import { EngineCore } from './core.js'
import type { WindowEngineOptions } from './options.js'
import { type Expired, takeExpired } from './retention.js'

/**
 * Event-time windows over any mergeable state. The caller pushes columns of times and gets runs of (slot, outcome);
 * it adds the rows of counted runs to `state(slot)`, then takes the panes that became due.
 *
 * ```ts
 * for (let row = 0; row < rows; ) {
 *   row = engine.push(partition, columns, row, rows)
 *   // add the rows of each counted run of engine.runs to engine.state(slot)
 *   for (const pane of engine.takePanes()) publish(pane)
 * }
 * ```
 *
 * Every method that takes a partition, but for `addPartition` and `pushPlain`, throws WindowingError unknown-partition
 * for one that was not added.
 */
export class WindowEngine<S> {
  /** The answer of the last `push` or `flush`. */
  readonly runs: Runs
  /** The frames that left the far-future guard in the last `push` or `flush`; runs of source `released` point here. */
  readonly released: ReleasedFrames

  private readonly core: EngineCore<S>
  private readonly intake: Intake<S>

  /** @throws WindowingError bad-option */
  constructor(options: WindowEngineOptions<S>) {
    this.core = new EngineCore(options)
    this.intake = new Intake(this.core)
    this.runs = this.intake.runs
    this.released = this.intake.released
  }

  /** The combined watermark in ms; -Infinity: none yet, Infinity: after the flush. */
  get watermark(): number {
    return this.core.watermarks.combined
  }

  /** Whether `takePanes` is to be called before the next push. */
  get panesDue(): boolean {
    return this.core.due
  }

  /** Rows by what became of them; `held` is how many the guard holds now. */
  get counters(): Record<OutcomeName, number> {
    const counters = Object.fromEntries(outcomeNames.map((name, i) => [name, this.core.tally[i]!]))
    let held = 0
    for (const { guard } of this.core.partitions.values()) held += guard.held.length
    return { ...counters, held } as Record<OutcomeName, number>
  }

  /** How many windows hold state, hidden base windows left out. */
  get openWindows(): number {
    return this.core.store.openCount
  }

  /** Open windows of each size by name. */
  get openBySize(): Record<string, number> {
    return this.core.store.openBySize()
  }

  /** Bytes that the states take, as `Aggregate.measure` tells, by size; of hidden ones too. What rolling views keep of steps is left out. */
  get stateBytes(): Record<string, number> {
    return this.core.store.stateBytes()
  }

  /** How many results (of a window and a group) a flush would give: not fired yet, or changed since. Rolling views are left out. */
  get unfinished(): number {
    return this.core.store.unfinished
  }

  /** Distinct groups that open windows use; the null and the overflow group do not count. */
  get liveGroups(): number {
    return this.core.store.open.groups.count
  }

  /** Whether an open window or a held frame uses a group id. Ids of panes just taken may have ceased to be live. */
  isLiveGroup(group: number): boolean {
    return this.core.store.open.groups.isLive(group)
  }

  /** The state that the rows of a counted run are added to. @param slot of `runs`, before the next call of the engine */
  state(slot: number): S {
    return this.core.store.open.slots[slot]!.state as S
  }

  /** With totals: the state of the total of the slot's window, which the same rows are added to. */
  totalState(slot: number): S {
    return this.core.store.open.slots[slot]!.window.total!.state as S
  }

  /** Adds a partition; after the start it begins with the combined watermark of this moment. No effect when it is known. */
  addPartition(partition: number): void {
    this.intake.reset()
    this.core.addPartition(partition)
  }

  /** Forgets a partition; the frames it holds go with it, to whoever restores its snapshot. Take the panes afterwards. */
  removePartition(partition: number): void {
    this.intake.reset()
    this.core.removePartition(partition)
  }

  /** Declares that nothing more comes from a partition, whose held frames wait for the flush. Take the panes afterwards. */
  endPartition(partition: number): void {
    this.intake.reset()
    this.core.partition(partition)
    this.core.watermarks.ended(partition)
    this.core.settle()
  }

  /** The watermark of a partition in ms; -Infinity: none yet. */
  partitionWatermark(partition: number): number {
    return this.core.partition(partition).mark.watermark
  }

  /**
   * The partitions whose watermark is more than `skew` ms past the combined one: to be paused, for each
   * keeps `skew / size` windows more open. Before there is a combined watermark, the oldest open window stands for it.
   */
  tooFarAhead(skew: number): number[] {
    const from = Math.max(this.watermark, this.core.store.oldest)
    return [...this.core.partitions.keys()].filter((p) => this.partitionWatermark(p) - from > skew)
  }

  /** Declares a partition idle (caught up and quiet): it no longer holds the watermark. Take the panes afterwards. */
  idle(partition: number): void {
    this.intake.reset()
    this.core.partition(partition)
    this.core.watermarks.idle(partition)
    this.core.settle()
  }

  /** Moves a partition's watermark beside its events, never back, and makes it active. Take the panes afterwards. */
  observe(partition: number, watermark: number): void {
    this.intake.reset()
    const { mark } = this.core.partition(partition)
    this.core.wake(mark)
    if (watermark > mark.watermark) mark.watermark = watermark
    this.core.settle()
  }

  /** Declares a partition active, as an event does. It begins with the combined watermark of this moment. */
  active(partition: number): void {
    this.intake.reset()
    this.core.wake(this.core.partition(partition).mark)
    this.core.settle()
  }

  /**
   * Handles rows of a partition from `from` and stops after the row that made panes due. Fills `runs`.
   *
   * @param to the row after the last one
   * @returns the row after the last one handled
   * @throws WindowingError unknown-partition; panes-due (take the panes first)
   */
  push(partition: number, columns: EventColumns, from: number, to: number): number {
    return this.intake.push(partition, columns, from, to)
  }

  /**
   * The short way for one event in the window of the event before it, which leaves `runs` as they were.
   *
   * @returns the slot of the state to add it to; -1: nothing was done, it needs `push`
   */
  pushPlain(partition: number, time: number, group: number): number {
    return this.intake.extendByOne(partition, time, group)
  }

  /** The panes that are due: finals, then corrections, each by end, size and arrival. Windows past their time give up their state. */
  takePanes(): Pane<S>[] {
    if (!this.core.due) return []
    this.core.due = false
    this.intake.reset()
    return this.core.store.fire(this.watermark)
  }

  /**
   * What the retention of `options.retention` has let go since the last call: of each size, all windows that end at
   * or before a time. Counts in event time (the combined watermark), never by a clock.
   */
  takeExpired(): Expired[] {
    return takeExpired(this.core)
  }

  /**
   * Provisional panes of all windows that have not ended and changed since their last pane, by end, size and arrival.
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
   * The stream has been silent for longer than the caller wants to wait: base windows that hold events fire, and
   * what ends with them. Frames in the guard stay there: one flipped bit, last of all, is not to move the watermark
   * by a century. The stream may go on; events that come for these windows are late, or corrections. Take the panes
   * afterwards.
   */
  quiet(): void {
    this.intake.reset()
    const end = this.core.store.newestBaseEnd
    for (const { mark } of this.core.partitions.values()) mark.watermark = Math.max(mark.watermark, end - 1)
    this.core.settle()
  }

  /**
   * The end of all input: empties the guard (fills `runs`: add their rows), then every window fires or is
   * corrected with the next `takePanes`. Everything pushed afterwards is late.
   *
   * @throws WindowingError panes-due (take the panes first)
   */
  flush(): void {
    const { core } = this
    core.expectNoPanes()
    this.intake.flush()
    for (const { mark } of core.partitions.values()) mark.watermark = Number.POSITIVE_INFINITY
    core.watermarks.finish()
    core.settle()
  }

  /**
   * Everything the engine needs to go on as if nothing had happened, as plain data. To be saved in one write with
   * the input positions.
   *
   * @throws WindowingError panes-due (take the panes first)
   */
  snapshot(options: { changesOnly?: boolean; groups?: GroupNames } = {}): WindowingSnapshot {
    this.core.expectNoPanes()
    return saveEngine(this.core, options.changesOnly ?? false, options.groups)
  }

  /**
   * Brings a new engine to where a whole snapshot was made. Partitions start active. Sizes above the base, rolling
   * views, out-of-orderness, lateness and limits may have changed; windows closed then stay closed. Partitions of the
   * options that the snapshot lacks begin with its watermark and hold it: remove those that are no longer read.
   *
   * @throws WindowingError bad-snapshot: of another format or version, only changes, or the engine is not new; settings-differ
   */
  restore(snapshot: WindowingSnapshot, groups?: GroupNames): void {
    this.intake.reset()
    loadEngine(this.core, snapshot, groups)
  }
}
