import { WindowEngine } from '@card/windowing'
import type { FrameBatch } from '../count/frame-batch.js'
import type { WantedLines } from '../count/refused-rows.js'
import { RowCounter } from '../count/row-counter.js'
import { type Groups, overflowId } from '../groups.js'
import { type Announced, Announcement } from '../merge/announcement.js'
import { Publisher } from '../merge/publisher.js'
import { baseLength, type CountingOptions } from '../options.js'
import { ResultMaker } from '../result.js'
import { counterAggregate, type WindowState } from '../state/window-state.js'
import type { Counting, CountingSums, Step } from './counting.js'

// The engine knows one partition.
const only = 0

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

  constructor(
    options: CountingOptions,
    groups: Groups,
    wanted: WantedLines,
    private readonly partition: string,
  ) {
    const overflow = overflowId(groups, options.groupOverflow)
    this.engine = new WindowEngine({
      sizes: options.windows,
      rolling: options.rolling,
      zone: options.timezone,
      aggregate: counterAggregate(options.counter),
      partitions: [only],
      outOfOrderness: options.outOfOrder,
      allowedLateness: options.lateness,
      maxAhead: options.maxAhead,
      maxGroups: options.maxGroups,
      overflowGroup: overflow === 0 ? 'reject' : overflow,
      totals: options.totals,
    })
    this.rows = new RowCounter(this.engine, options.totals, wanted)
    this.publisher = new Publisher(new ResultMaker(groups, options.sketchPrecision))
    this.announcement = new Announcement(this.engine, this.publisher)
    this.baseLength = baseLength(options)
  }

  consume(partition: string, batch: FrameBatch): void {
    const number = this.numberOf(partition)
    for (let row = 0; row < batch.columns.rows; ) {
      row = this.rows.push(number, batch, row)
      if (this.engine.panesDue) this.publisher.add(this.engine.takePanes())
    }
    this.announcement.restart()
  }

  addPartition(partition: string): void {
    this.engine.partitionWatermark(this.numberOf(partition))
  }

  idle(partition: string): void {
    this.engine.idle(this.numberOf(partition))
    this.publish()
  }

  flushHeld(partition: string): void {
    this.engine.flushHeld(this.numberOf(partition))
    this.rows.settle(null)
    this.publish()
  }

  active(partition: string): void {
    this.engine.active(this.numberOf(partition))
    this.publish()
  }

  endPartition(partition: string): void {
    this.engine.endPartition(this.numberOf(partition))
    this.rows.settle(null)
    this.publish()
  }

  early(): void {
    this.announcement.restart()
    this.publisher.add(this.engine.early())
  }

  announce(until: number, limit = Number.POSITIVE_INFINITY): Announced {
    return this.announcement.advance(until, limit)
  }

  flush(): void {
    this.engine.flush()
    this.rows.settle(null)
    this.publish()
  }

  takeStep(): Step {
    return { results: this.publisher.take(), refused: this.rows.refused.take() }
  }

  tooFarAhead(windows: number): string[] {
    return this.engine.tooFarAhead(windows * this.baseLength).map(() => this.partition)
  }

  isLiveGroup(id: number): boolean {
    return this.engine.isLiveGroup(id)
  }

  watermarkOf(partition: string): number {
    return this.engine.partitionWatermark(this.numberOf(partition))
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
    if (this.engine.panesDue) this.publisher.add(this.engine.takePanes())
  }

  /** The number of the one partition; of another one that the engine refuses. */
  private numberOf(partition: string): number {
    return partition === this.partition ? only : -1
  }
}
