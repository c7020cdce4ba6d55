import { badArgument, expectPartitionId, shown } from '../checks.js'
import { WindowingError } from '../errors.js'
import { Guard } from '../guard/guard.js'
import type { HeldFrame } from '../guard/held-queue.js'
import { outcomeNames } from '../intake/runs.js'
import type { Cell } from '../store/open-window.js'
import { WindowStore } from '../store/window-store.js'
import { type PlannedSize, rollUpPlan } from '../time/plan.js'
import { meanLength, sizeKey } from '../time/size.js'
import { type PartitionMark, Watermarks } from '../time/watermarks.js'
import { type CheckedOptions, checkedOptions, type WindowEngineOptions } from './options.js'

/** The default horizon of the far-future guard: the greater of these. */
const leastHorizon = 600_000
const baseWindows = 10

/** One partition of the input: its watermark, and its guard, which holds the trusted time. */
export interface InputPartition {
  readonly mark: PartitionMark
  readonly guard: Guard
  /** becomes idle as soon as its held frames have been judged */
  idleWhenDecided: boolean
}

/** What the parts of the engine share: the options, the watermarks and the open windows. */
export class EngineCore<S> {
  readonly options: CheckedOptions<S>
  readonly plan: readonly PlannedSize[]
  readonly base: PlannedSize
  readonly watermarks = new Watermarks()
  readonly partitions = new Map<number, InputPartition>()
  readonly store: WindowStore<S>
  /** rows by outcome */
  readonly tally = outcomeNames.map(() => 0)
  /** panes are due, or windows can drop their state */
  due = false
  /** windows that end at or before this stay closed, whatever the lateness is now */
  closedUntil = Number.NEGATIVE_INFINITY
  /** ms past the trusted time up to which far frames count at once */
  readonly horizon: number
  /** takes a held frame that counts; the intake sets it */
  release: (input: InputPartition, frame: HeldFrame) => void = () => {}
  /** up to where windows have expired, by the name of their size */
  readonly expired = new Map<string, number>()

  /** @throws WindowingError bad-option */
  constructor(options: WindowEngineOptions<S>) {
    this.options = checkedOptions(options)
    const { sizes, rolling, zone, aggregate, allowedLateness, corrections, overflowGroup, totals } =
      this.options
    const steps = rolling.map((view) => view.every)
    this.plan = rollUpPlan(sizes, zone, steps)
    this.base = this.plan[0]!
    const { maxAhead, horizon } = this.options
    this.horizon = horizon ?? Math.max(maxAhead, leastHorizon, baseWindows * meanLength(this.base.size))
    const views = rolling.map((view) => ({
      view,
      step: this.plan.find(({ stands }) => stands.includes(view.every))!,
    }))
    const exempt = overflowGroup === 'reject' ? -1 : overflowGroup
    this.store = new WindowStore({
      plan: this.plan,
      aggregate,
      lateness: allowedLateness,
      atOnce: corrections === 'event',
      exemptGroup: exempt,
      totals,
      rolling: views,
      trackChanges: this.options.trackChanges,
    })
    for (const partition of this.options.partitions) this.addPartition(partition)
  }

  /**
   * Identifies the settings a snapshot depends on: the base, the zone, and the modes of lateness and corrections. The zone
   * counts even if no size needs it, so that a calendar size can be added later.
   */
  get fingerprint(): string {
    const { zone, lateness, corrections, totals } = this.options
    return JSON.stringify({
      base: sizeKey(this.base.size),
      zone,
      lateness,
      corrections,
      ...(totals && { totals }),
    })
  }

  addPartition(partition: number): void {
    expectPartitionId(partition)
    if (this.partitions.has(partition)) return
    const guard = new Guard(this.options.maxAhead, this.horizon, (frame) => this.release(input, frame))
    const input: InputPartition = { mark: this.watermarks.add(partition), guard, idleWhenDecided: false }
    this.partitions.set(partition, input)
  }

  removePartition(partition: number): void {
    const { guard } = this.partition(partition)
    for (const frame of guard.held.frames()) this.store.open.groups.removeFrame(frame.group)
    this.partitions.delete(partition)
    this.watermarks.remove(partition)
    this.settle()
  }

  /** @throws WindowingError unknown-partition */
  partition(partition: number): InputPartition {
    const input = this.partitions.get(partition)
    if (input !== undefined) return input
    throw new WindowingError(
      'unknown-partition',
      `Expected a partition that was added, found ${shown(partition)}; call addPartition(${shown(partition)}) first.`,
    )
  }

  /** A partition is active again. Its own watermark, which depends on its log alone, does not change. */
  wake(input: InputPartition): void {
    input.idleWhenDecided = false
    input.mark.idle = false
    input.mark.ended = false
  }

  /** A partition is idle: at once, or once its held frames are judged, because no other partition may make them late. */
  idle(partition: number): void {
    const input = this.partition(partition)
    input.idleWhenDecided = input.guard.isUndecided
    if (!input.idleWhenDecided) input.mark.idle = true
    this.settle()
  }

  /** Updates the combined watermark after a partition changed. */
  settle(): void {
    this.watermarks.combine()
    if (this.store.schedule.follow(this.watermarks.combined)) this.due = true
  }

  /** The end of all input: every window fires, and every rolling view that the watermark of a partition has passed. */
  finish(): void {
    this.store.reach(this.watermarks.greatest)
    for (const { mark } of this.partitions.values()) mark.watermark = Number.POSITIVE_INFINITY
    this.watermarks.finish()
    this.settle()
  }

  /** The base cell of a counted run. @throws WindowingError bad-argument */
  cellAt(slot: number): Cell<S> {
    const cell = this.store.open.slots[slot]
    if (cell !== undefined) return cell
    throw badArgument('slot', 'that of a counted run of the last call', slot)
  }

  /** The total of the window of a counted run. @throws WindowingError bad-argument */
  totalAt(slot: number): Cell<S> {
    const { total } = this.cellAt(slot).window
    if (total !== undefined) return total
    throw new WindowingError(
      'bad-argument',
      'Expected an engine with totals, found one without; make it with totals: true.',
    )
  }

  /** @throws WindowingError panes-due */
  expectNoPanes(): void {
    if (!this.due) return
    throw new WindowingError('panes-due', 'Expected no panes to be due, found some; call takePanes() first.')
  }
}
