import { WindowEngine } from '@card/windowing'
import { type Groups, groupNames, overflowId } from '../groups.js'
import { baseOf, type CountingOptions } from '../options.js'
import type { CounterHead, CounterSave } from '../saved/counter-head.js'
import type { EngineRecord } from '../saved/engine-record.js'
import { StateChanges } from '../saved/state-changes.js'
import type { RestoreOptions, StepOptions } from '../saved/step-options.js'
import { Growth } from '../state/growth.js'
import { counterAggregate, type WindowState } from '../state/window-state.js'
import type { CountStep } from './count-step.js'
import type { FrameBatch } from './frame-batch.js'
import { LinesInMemory } from './held-lines.js'
import { livePartial } from './live-partial.js'
import type { Origin, Partial, Progress } from './partial.js'
import { PendingPartials } from './pending-partials.js'
import type { RefusedRow, WantedLines } from './refused-rows.js'
import { heldLinesOf, onlyPartition, RowCounter, type RowSums } from './row-counter.js'
import type { TimeFigures, TimeWarning } from './time-watch.js'

/** What is sent between two pauses: a few milliseconds of work. A partial takes about as long as so many bytes of states. */
const sliceBytes = 131_072
const partialBytes = 256

/**
 * Counts one input partition by itself, in base windows: what is late, what the far-future guard holds, where the
 * watermark stands and which groups have a place are functions of its log alone. It gives partials, for a merger.
 */
export class PartitionCounter {
  readonly origin: Origin
  private readonly engine: WindowEngine<WindowState>
  private readonly rows: RowCounter
  private readonly growth: Growth
  private readonly groups: Groups
  private readonly durable: boolean
  private readonly overflow: number
  /** of the lines of held frames, where these are saved */
  private readonly lines = new LinesInMemory()
  private readonly pending: PendingPartials
  private position: number
  private last: Progress | undefined

  /**
   * @param groups the table behind the ids of batches
   * @param position the offset of the first row to come
   */
  constructor(options: CountingOptions, groups: Groups, origin: Origin, wanted: WantedLines, position = 0) {
    this.origin = origin
    this.groups = groups
    this.position = position
    this.durable = options.durable ?? false
    this.growth = new Growth({ sends: true, saves: this.durable, limits: options.parts })
    this.pending = new PendingPartials(this.growth)
    this.overflow = overflowId(groups, options.groupOverflow)
    this.engine = new WindowEngine({
      sizes: [baseOf(options)],
      zone: options.timezone,
      aggregate: counterAggregate(options.counter),
      partitions: [onlyPartition],
      outOfOrderness: options.outOfOrder,
      allowedLateness: options.lateness,
      maxAhead: options.maxAhead,
      maxGroups: options.maxGroups,
      overflowGroup: this.overflow === 0 ? 'reject' : this.overflow,
      totals: options.totals,
      trackChanges: this.durable,
    })
    const held = this.durable && wanted.held !== null ? this.lines : heldLinesOf(wanted, origin.partition)
    this.rows = new RowCounter(this.engine, { totals: options.totals, wanted, held })
  }

  /**
   * Counts rows of a batch from `from` on, until partials are due: take them by `livePartials` before the next call.
   *
   * @returns the row after the last one counted
   */
  push(batch: FrameBatch, from: number): number {
    return this.rows.push(batch, from)
  }

  /** The partials that are due, with live states. */
  livePartials(): Partial[] {
    return this.engine.takePanes().map(livePartial)
  }

  /** Partials with live states, one by one, of everything that was not sent since it changed. */
  *unsentPartials(): Generator<Partial, void, undefined> {
    for (const partial of this.unsentInSteps()) if (partial !== undefined) yield partial
  }

  /** The same, with undefined in between wherever it has worked for some milliseconds without a partial. */
  *unsentInSteps(): Generator<Partial | undefined, void, undefined> {
    for (const pane of this.engine.announceInSteps(Number.POSITIVE_INFINITY, null)) {
      yield pane === undefined ? undefined : livePartial(pane)
    }
  }

  /**
   * Counts a whole batch; its partials are for the step to come.
   *
   * @param next the offset after the batch
   */
  consume(batch: FrameBatch, next: number): void {
    for (let row = 0; row < batch.columns.rows; ) {
      row = this.push(batch, row)
      this.pending.addAll(this.engine.takePanes())
    }
    this.position = next
  }

  /** Everything before this offset was counted, or held nothing to count. */
  moveTo(position: number): void {
    this.position = position
  }

  /**
   * The partition is caught up and quiet: everything counted so far is sent, and it holds nothing back until its next frame.
   * While it holds frames that nothing has contradicted, it stays active until `flushHeld`.
   */
  idle(): void {
    this.idleLive()
    this.pending.addAll(this.engine.takePanes())
    this.send()
  }

  /** The same; take the `livePartials`, then the `unsentPartials`, afterwards. */
  idleLive(): void {
    this.engine.idle(onlyPartition)
  }

  /**
   * The partition has been quiet for so long that the frames that the far-future guard holds wait for no others: they count,
   * or leave as `ahead`.
   */
  flushHeld(): void {
    this.flushHeldLive()
    this.pending.addAll(this.engine.takePanes())
    if (this.engine.isIdle(onlyPartition)) this.send()
  }

  /** The same; take the `livePartials`, then of a partition that is idle the `unsentPartials`, afterwards. */
  flushHeldLive(): void {
    this.engine.flushHeld(onlyPartition)
    this.rows.settle(null)
  }

  /** The partition is read no further: its held frames are judged, and nothing comes due by it. */
  judgeHeldLive(): void {
    this.engine.judgeHeld()
    this.rows.settle(null)
  }

  /** The partition is read again. */
  active(): void {
    this.engine.active(onlyPartition)
    this.pending.addAll(this.engine.takePanes())
  }

  /** Everything counted so far is sent with the step to come: for early results. */
  send(): void {
    for (const _ of this.sendInSteps());
  }

  /**
   * The same in slices of some milliseconds each. Anything may come between two of them, `consume` and `takeStep` too. With
   * many groups run it before `idle`, `flushHeld` or `end`, which then have little left to send.
   */
  *sendInSteps(): Generator<void, void, undefined> {
    let room = sliceBytes
    for (const pane of this.engine.announceInSteps(Number.POSITIVE_INFINITY, null)) {
      room = pane === undefined ? 0 : room - partialBytes - this.pending.add(pane)
      if (room > 0) continue
      yield
      room = sliceBytes
    }
  }

  /**
   * Nothing more comes: the guard is emptied, everything is sent, and the partition holds nothing back. Its watermark stays,
   * for a merger publishes rolling views as far as that of any partition.
   */
  end(): void {
    this.flushHeld()
    this.idle()
  }

  /** Nothing more comes: the guard is emptied, and everything fires. Take the `livePartials` afterwards. */
  endLive(): void {
    this.engine.flush()
    this.rows.settle(null)
  }

  get progress(): Progress {
    const status = this.engine.isIdle(onlyPartition) ? 'idle' : 'active'
    return { ...this.origin, upTo: this.position, watermark: this.engine.watermark, status }
  }

  get sums(): RowSums {
    return this.rows.sums
  }

  get times(): TimeFigures {
    return this.rows.times.figures
  }

  /** Whether the step to come says something to a merger: partials that are due, or that the partition is idle or is not any more. */
  get hasNews(): boolean {
    return !this.pending.isEmpty || this.last?.status !== this.progress.status
  }

  /** Refused lines that wait for the step to come. */
  get refusedCount(): number {
    return this.rows.refused.count
  }

  /** What was odd about event times since the last call. */
  takeWarnings(): readonly TimeWarning[] {
    return this.rows.times.take()
  }

  /** Lines that were refused since the last call. */
  takeRefused(): readonly RefusedRow[] {
    return this.rows.refused.take()
  }

  /** Whether an open window or a held frame uses a group id, or a partial that waits for its step. */
  isLiveGroup(id: number): boolean {
    return id === this.overflow || this.engine.isLiveGroup(id) || this.pending.has(id)
  }

  /** Bytes of the states of open windows. */
  get stateBytes(): number {
    return Object.values(this.engine.stateBytes).reduce((sum, bytes) => sum + bytes, 0)
  }

  /** The end of the oldest base window that is not sent yet, in ms; -Infinity: there is none. */
  get nextEnd(): number {
    return this.engine.nextEnd
  }

  /** Open base windows. */
  get openWindows(): number {
    return this.engine.openWindows
  }

  /**
   * Everything since the step before, as one value. Where the state is saved, read `save` to its end before the next call,
   * and acknowledge it when the step is safe.
   *
   * @throws WindowingError snapshot-open: the step before is neither acknowledged nor abandoned
   */
  takeStep(options: StepOptions = {}): CountStep {
    const { progress, last } = this
    const partials = this.pending.take()
    this.last = progress
    const isProgressNew =
      last === undefined ||
      last.status !== progress.status ||
      partials.length > 0 ||
      last.watermark !== progress.watermark
    const refused = this.takeRefused()
    const save = this.durable ? this.save(options) : null
    return { partials, progress, isProgressNew, refused, warnings: this.takeWarnings(), save }
  }

  /**
   * Brings a new counter to where a step was taken.
   *
   * @param records of a `StateImage`
   */
  restore(head: CounterHead, records: Iterable<EngineRecord>, { saved = true }: RestoreOptions = {}): void {
    const noted = saved ? this.growth.noteRestored(records) : records
    this.engine.restoreRecords(head.engine, noted, groupNames(this.groups))
    this.position = head.position
    const { refused } = this.rows
    head.rejected.forEach((count, status) => {
      if (count > 0) refused.rejected[status] = count
    })
    for (const [ticket, line] of head.held) this.lines.keep(ticket, line)
    if (head.status === 'idle') {
      this.engine.idle(onlyPartition)
      this.engine.takePanes()
    }
    this.last = this.progress
  }

  private save({ whole = false }: StepOptions): CounterSave {
    const changes = this.engine.changes({ groups: groupNames(this.groups), whole })
    const { refused } = this.rows
    const head: CounterHead = {
      format: 1,
      engine: changes.head,
      position: this.position,
      status: this.progress.status,
      rejected: Array.from(refused.rejected, (count) => count ?? 0),
      held: this.lines.entries(),
    }
    return { head, changes: new StateChanges(changes, this.growth) }
  }
}
