import { WindowEngine } from '@card/windowing'
import type { FrameBatch } from '../count/frame-batch.js'
import type { WantedLines } from '../count/refused-rows.js'
import { heldLinesOf, onlyPartition, RowCounter } from '../count/row-counter.js'
import type { TimeFigures } from '../count/time-watch.js'
import { type Groups, overflowId } from '../groups.js'
import { type Announced, Announcement } from '../merge/announcement.js'
import { Publisher } from '../merge/publisher.js'
import { none } from '../none.js'
import { baseLength, type CountingOptions } from '../options.js'
import { ResultMaker } from '../result.js'
import { reusingAggregate, type WindowState } from '../state/window-state.js'
import type { Counting, CountingSums, Step } from './counting.js'
import { unknownPartition } from './unknown-partition.js'

/**
 * The two stages of a single partition in one: its watermark is the combined one, so the windows that it counts in are
 * those that are published.
 */
export class OnePartition implements Counting {
  private readonly engine: WindowEngine<WindowState>
  private readonly rows: RowCounter
  private readonly publisher: Publisher
  private readonly announcement: Announcement
  private readonly baseLength: number
  private readonly overflow: number

  constructor(
    options: CountingOptions,
    groups: Groups,
    wanted: WantedLines,
    private readonly partition: string,
  ) {
    this.overflow = overflowId(groups, options.groupOverflow)
    this.engine = new WindowEngine({
      sizes: options.windows,
      rolling: options.rolling,
      zone: options.timezone,
      aggregate: reusingAggregate(options.counter),
      partitions: [onlyPartition],
      outOfOrderness: options.outOfOrder,
      allowedLateness: options.lateness,
      maxAhead: options.maxAhead,
      maxGroups: options.maxGroups,
      overflowGroup: this.overflow === 0 ? 'reject' : this.overflow,
      totals: options.totals,
    })
    const held = heldLinesOf(wanted, partition)
    this.rows = new RowCounter(this.engine, { totals: options.totals, wanted, held })
    this.publisher = new Publisher(new ResultMaker(groups, options.sketchPrecision))
    this.announcement = new Announcement(this.engine, this.publisher)
    this.baseLength = baseLength(options)
  }

  consume(partition: string, batch: FrameBatch, from: number): number {
    this.expect(partition)
    this.publisher.settle()
    const next = this.rows.push(batch, from)
    this.publish()
    return next
  }

  addPartition(partition: string): void {
    this.expect(partition)
  }

  idle(partition: string): void {
    this.expect(partition)
    this.engine.idle(onlyPartition)
    this.publish()
  }

  flushHeld(partition: string): void {
    this.expect(partition)
    this.publisher.settle()
    this.engine.flushHeld(onlyPartition)
    this.rows.settle(null)
    this.publish()
  }

  active(partition: string): void {
    this.expect(partition)
    this.engine.active(onlyPartition)
    this.publish()
  }

  endPartition(partition: string): void {
    this.expect(partition)
    this.publisher.settle()
    this.engine.endPartition(onlyPartition)
    this.rows.settle(null)
    this.publish()
  }

  /** There is one place only. */
  handOverInSteps(partition = this.partition): Iterable<void> {
    this.expect(partition)
    return none
  }

  early(): void {
    this.publisher.settle()
    this.announcement.restart()
    this.publisher.add(this.engine.early())
  }

  announce(until: number, limit = Number.POSITIVE_INFINITY): Announced {
    return this.announcement.advance(until, limit)
  }

  flush(): void {
    this.publisher.settle()
    this.engine.flush()
    this.rows.settle(null)
    this.publish()
  }

  judgeHeld(): void {
    this.publisher.settle()
    this.engine.judgeHeld()
    this.rows.settle(null)
  }

  takeStep(limit = Number.POSITIVE_INFINITY): Step {
    const { results, more } = this.publisher.take(limit)
    return { results, more, refused: this.rows.refused.take(), warnings: this.rows.times.take() }
  }

  tooFarAhead(windows: number): string[] {
    return this.engine.tooFarAhead(windows * this.baseLength).map(() => this.partition)
  }

  isLiveGroup(id: number): boolean {
    return id === this.overflow || this.engine.isLiveGroup(id)
  }

  timesOf(partition: string): TimeFigures {
    this.expect(partition)
    return this.rows.times.figures
  }

  watermarkOf(partition: string): number {
    this.expect(partition)
    return this.engine.watermark
  }

  unfinished(): number {
    return this.engine.unfinished
  }

  get openWindows(): Record<string, number> {
    return this.engine.openBySize
  }

  get stateBytes(): Record<string, number> {
    return this.engine.stateBytes
  }

  get sums(): CountingSums {
    return { ...this.rows.sums, closed: 0, published: this.publisher.published }
  }

  private publish(): void {
    this.announcement.restart()
    this.publisher.settle()
    if (this.engine.panesDue) this.publisher.add(this.engine.takePanes())
  }

  private expect(partition: string): void {
    if (partition !== this.partition) throw unknownPartition(partition)
  }
}
