import type { FrameBatch } from '../count/frame-batch.js'
import { PartitionCounter } from '../count/partition-counter.js'
import type { RefusedRow, WantedLines } from '../count/refused-rows.js'
import type { TimeFigures, TimeWarning } from '../count/time-watch.js'
import type { Groups } from '../groups.js'
import { type Announced, pauseInResults } from '../merge/announcement.js'
import { Merger } from '../merge/merger.js'
import { baseLength, baseOf, type CountingOptions } from '../options.js'
import type { Counting, CountingSums, Step } from './counting.js'
import { unknownPartition } from './unknown-partition.js'

// Nothing is replayed within a process, so every partial is new, even if the offsets of a recreated topic start again.
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

  consume(partition: string, batch: FrameBatch, from: number): number {
    const counter = this.counterOf(partition)
    const next = counter.push(batch, from)
    this.handOver(counter)
    return next
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
  }

  flushHeld(partition: string): void {
    const counter = this.counterOf(partition)
    counter.flushHeldLive()
    this.handOver(counter)
  }

  active(partition: string): void {
    const counter = this.counterOf(partition)
    counter.active()
    this.handOver(counter)
  }

  endPartition(partition: string): void {
    const counter = this.counterOf(partition)
    counter.flushHeldLive()
    counter.idleLive()
    this.handOver(counter)
  }

  handOverInSteps(partition?: string): Iterable<void> {
    const counters = partition === undefined ? this.counters.values() : [this.counterOf(partition)]
    return this.slicesOf(this.handOverUnsentInSteps(counters))
  }

  early(): void {
    for (const counter of this.counters.values()) this.handOverUnsent(counter)
    this.merger.early()
  }

  announce(until: number, limit = always): Announced {
    this.handing ??= this.handOverUnsentInSteps(this.counters.values())
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

  judgeHeld(): void {
    this.handing = undefined
    for (const counter of this.counters.values()) counter.judgeHeldLive()
  }

  takeStep(limit = Number.POSITIVE_INFINITY): Step {
    const { results, more } = this.merger.takeResults(limit)
    const refused: RefusedRow[] = []
    const warnings: TimeWarning[] = []
    for (const counter of this.counters.values()) {
      for (const row of counter.takeRefused()) refused.push(row)
      for (const warning of counter.takeWarnings()) warnings.push(warning)
    }
    return { results, more, refused, warnings }
  }

  tooFarAhead(windows: number): string[] {
    const skew = windows * baseLength(this.options)
    // Before there is a combined watermark, the oldest open window stands for it.
    const from = Math.max(this.merger.watermark, this.oldestEnd())
    const all = [...this.counters.values()]
    return all
      .filter(({ progress }) => progress.watermark - from > skew)
      .map(({ origin }) => origin.partition)
  }

  isLiveGroup(id: number): boolean {
    if (this.merger.isLiveGroup(id)) return true
    for (const counter of this.counters.values()) if (counter.isLiveGroup(id)) return true
    return false
  }

  timesOf(partition: string): TimeFigures {
    return this.counterOf(partition).times
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

  /** Everything that is due goes to the merger; of an idle partition everything there is. */
  private handOver(counter: PartitionCounter): void {
    this.handing = undefined
    for (const partial of counter.livePartials()) this.merger.absorb(counter.origin, always, partial)
    const { progress } = counter
    if (progress.status === 'idle') this.handOverUnsent(counter)
    this.merger.advance({ ...progress, upTo: always })
  }

  private *slicesOf(work: Iterable<number>): Generator<void, void, undefined> {
    this.handing = undefined
    let left = pauseInResults
    for (const taken of work) {
      left -= taken
      if (left > 0) continue
      yield
      left = pauseInResults
    }
  }

  /** Yields how much of a slice each step took. */
  private *handOverUnsentInSteps(counters: Iterable<PartitionCounter>): Generator<number, void, undefined> {
    for (const counter of counters) {
      for (const partial of counter.unsentInSteps()) {
        if (partial !== undefined) this.merger.absorb(counter.origin, always, partial)
        yield partial === undefined ? pauseInResults : 1
      }
    }
  }

  private handOverUnsent(counter: PartitionCounter): void {
    for (const partial of counter.unsentPartials()) this.merger.absorb(counter.origin, always, partial)
  }

  /** The end of the oldest window that has not come out; -Infinity: there is none. */
  private oldestEnd(): number {
    let oldest = this.merger.nextEnd
    for (const { nextEnd } of this.counters.values()) {
      if (nextEnd > Number.NEGATIVE_INFINITY && !(oldest > Number.NEGATIVE_INFINITY && oldest <= nextEnd))
        oldest = nextEnd
    }
    return oldest
  }

  private counterOf(partition: string): PartitionCounter {
    const counter = this.counters.get(partition)
    if (counter === undefined) throw unknownPartition(partition)
    return counter
  }
}
