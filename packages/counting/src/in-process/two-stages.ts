import { WindowingError } from '@card/windowing'
import type { FrameBatch } from '../count/frame-batch.js'
import { PartitionCounter } from '../count/partition-counter.js'
import type { WantedLines } from '../count/refused-rows.js'
import type { Groups } from '../groups.js'
import { type Announced, pauseInResults } from '../merge/announcement.js'
import { Merger } from '../merge/merger.js'
import { baseLength, baseOf, type CountingOptions } from '../options.js'
import type { Counting, CountingSums, Step } from './counting.js'

// Nothing is replayed within a process, so every partial is new.
const always = Number.POSITIVE_INFINITY

/** A counter for each partition and one merger, which take each other's states by call. */
export class TwoStages implements Counting {
  private readonly counters = new Map<string, PartitionCounter>()
  private readonly merger: Merger
  /** What the last slices of a processing-time flush have not handed over yet; undefined: something has changed since. */
  private handing: Generator<number, void, undefined> | undefined
  private readonly options: CountingOptions
  private readonly groups: Groups
  private readonly wanted: WantedLines

  constructor(options: CountingOptions, groups: Groups, wanted: WantedLines, partitions: readonly string[]) {
    this.options = { ...options, durable: false }
    this.groups = groups
    this.wanted = wanted
    this.merger = new Merger(this.options, groups)
    for (const partition of partitions) this.addPartition(partition)
  }

  consume(partition: string, batch: FrameBatch): void {
    const counter = this.counterOf(partition)
    const { rows, offset } = batch.columns
    for (let row = 0; row < rows; ) {
      row = counter.push(batch, row)
      this.handOver(counter)
    }
    if (rows > 0) counter.moveTo(offset[rows - 1]! + 1)
    this.merger.advance(counter.progress)
  }

  addPartition(partition: string): void {
    if (this.counters.has(partition)) return
    const origin = { partition, incarnation: 0 }
    this.counters.set(partition, new PartitionCounter(this.options, this.groups, origin, this.wanted))
    this.merger.addPartition(partition)
  }

  idle(partition: string): void {
    const counter = this.counterOf(partition)
    counter.idleLive()
    this.handOver(counter)
    this.handOverUnsent(counter)
    this.merger.advance(counter.progress)
  }

  flushHeld(partition: string): void {
    const counter = this.counterOf(partition)
    counter.flushHeldLive()
    this.handOver(counter)
    this.merger.advance(counter.progress)
  }

  active(partition: string): void {
    const counter = this.counterOf(partition)
    counter.active()
    this.handOver(counter)
    this.merger.advance(counter.progress)
  }

  endPartition(partition: string): void {
    const counter = this.counterOf(partition)
    counter.flushHeldLive()
    counter.idleLive()
    this.handOver(counter)
    this.handOverUnsent(counter)
    this.merger.advance(counter.progress)
  }

  early(): void {
    for (const counter of this.counters.values()) this.handOverUnsent(counter)
    this.merger.early()
  }

  announce(until: number, limit = always): Announced {
    this.handing ??= this.handOverAllUnsent()
    for (let left = limit; left > 0; ) {
      const { done, value } = this.handing.next()
      if (done === true) return this.merger.announce(until, left)
      left -= value
    }
    return { more: true, next: until }
  }

  flush(): void {
    for (const counter of this.counters.values()) {
      counter.endLive()
      // No watermark moves before everything of all partitions is in.
      for (const partial of counter.livePartials()) this.merger.absorb(counter.origin, always, partial)
    }
    this.merger.flush()
  }

  takeStep(): Step {
    const refused = [...this.counters.values()].flatMap((counter) => counter.takeRefused())
    return { results: this.merger.takeStep().results, refused }
  }

  tooFarAhead(windows: number): string[] {
    return this.merger.tooFarAhead(windows * baseLength(this.options))
  }

  isLiveGroup(id: number): boolean {
    if (this.merger.isLiveGroup(id)) return true
    for (const counter of this.counters.values()) if (counter.isLiveGroup(id)) return true
    return false
  }

  watermarkOf(partition: string): number {
    return this.counterOf(partition).progress.watermark
  }

  unfinished(): number {
    for (const counter of this.counters.values()) this.handOverUnsent(counter)
    return this.merger.unfinished
  }

  get openWindows(): Record<string, number> {
    const open = this.merger.openWindows
    const { name } = baseOf(this.options)
    // A base window that no partition has sent is the merger's only by then.
    const counted = Math.max(...Array.from(this.counters.values(), (counter) => counter.openWindows), 0)
    return name in open ? { ...open, [name]: Math.max(open[name]!, counted) } : open
  }

  get stateBytes(): Record<string, number> {
    const bytes = this.merger.stateBytes
    const { name } = baseOf(this.options)
    for (const counter of this.counters.values()) bytes[name] = (bytes[name] ?? 0) + counter.stateBytes
    return bytes
  }

  get sums(): CountingSums {
    const sums = { counted: 0, late: 0, ahead: 0, held: 0, tooManyGroups: 0 }
    const rejected: number[] = []
    for (const { sums: of } of this.counters.values()) {
      sums.counted += of.counted
      sums.late += of.late
      sums.ahead += of.ahead
      sums.held += of.held
      sums.tooManyGroups += of.tooManyGroups
      of.rejected.forEach((count, status) => {
        rejected[status] = (rejected[status] ?? 0) + count
      })
    }
    const { closed, published } = this.merger
    return { ...sums, counted: sums.counted - closed, rejected, closed, published }
  }

  private handOver(counter: PartitionCounter): void {
    this.handing = undefined
    const partials = counter.livePartials()
    if (partials.length === 0) return
    for (const partial of partials) this.merger.absorb(counter.origin, always, partial)
    this.merger.advance(counter.progress)
  }

  /** Yields how much of a slice each step took. */
  private *handOverAllUnsent(): Generator<number, void, undefined> {
    for (const counter of this.counters.values()) {
      for (const partial of counter.unsentInSteps()) {
        if (partial !== undefined) this.merger.absorb(counter.origin, always, partial)
        yield partial === undefined ? pauseInResults : 1
      }
    }
  }

  private handOverUnsent(counter: PartitionCounter): void {
    for (const partial of counter.unsentPartials()) this.merger.absorb(counter.origin, always, partial)
  }

  private counterOf(partition: string): PartitionCounter {
    const counter = this.counters.get(partition)
    if (counter !== undefined) return counter
    throw new WindowingError(
      'unknown-partition',
      `Expected a partition that was added, found ${partition}; call addPartition first.`,
    )
  }
}
