import { badArgument, expectPartitionId, expectTime, shown } from '../checks.js'
import { WindowingError } from '../errors.js'

/** The watermark of one partition inside {@link Watermarks}. */
export interface PartitionMark {
  readonly partition: number
  /** own watermark in ms; -Infinity: none yet */
  watermark: number
  /** left out of the minimum: declared idle */
  idle: boolean
  /** left out of the minimum: its end has been reached */
  ended: boolean
}

/**
 * The watermark of many partitions: the least of the active ones, never going back. A partition without any
 * event has none yet and holds everything until it is idle or ended. When all are idle, the greatest counts
 * (FLINK-38454). A partition that becomes active again behind the combined watermark does not pull it back; the watermark waits for it.
 * Idleness is declared, never detected: a partition is idle when it is caught up and has nothing new.
 *
 * Every method that takes a partition, except `add`, throws WindowingError unknown-partition for one that was not added.
 */
export class Watermarks {
  private readonly marks = new Map<number, PartitionMark>()
  private value = Number.NEGATIVE_INFINITY

  constructor(partitions: Iterable<number> = []) {
    // A string would be split into characters.
    if (typeof partitions !== 'object' || typeof partitions?.[Symbol.iterator] !== 'function') {
      throw badArgument('partitions', 'whole numbers in an array', partitions)
    }
    for (const partition of partitions) this.add(partition)
  }

  /** The combined watermark in ms: no event at or before it is expected; -Infinity: none yet, Infinity: after the end. */
  get combined(): number {
    return this.value
  }

  /** The greatest watermark that any partition has reached, ignoring its end; -Infinity: none yet. */
  get greatest(): number {
    let greatest = this.value === Number.POSITIVE_INFINITY ? Number.NEGATIVE_INFINITY : this.value
    for (const { watermark } of this.marks.values()) {
      if (watermark > greatest && watermark !== Number.POSITIVE_INFINITY) greatest = watermark
    }
    return greatest
  }

  /** The partitions, in the order they were added. */
  get partitions(): Iterable<PartitionMark> {
    return this.marks.values()
  }

  /** Adds a partition, active and without a watermark; no effect if it is known. Never lowers the combined watermark. */
  add(partition: number): PartitionMark {
    expectPartitionId(partition)
    let mark = this.marks.get(partition)
    if (mark === undefined) {
      mark = { partition, watermark: Number.NEGATIVE_INFINITY, idle: false, ended: false }
      this.marks.set(partition, mark)
    }
    return mark
  }

  /** Forgets a partition. The combined watermark may rise, at once. */
  remove(partition: number): void {
    this.of(partition)
    this.marks.delete(partition)
    this.combine()
  }

  /** @throws WindowingError unknown-partition */
  of(partition: number): PartitionMark {
    const mark = this.marks.get(partition)
    if (mark === undefined) {
      throw new WindowingError(
        'unknown-partition',
        `Expected a partition that was added, found ${shown(partition)}; call add(${shown(partition)}) first.`,
      )
    }
    return mark
  }

  /** Moves a partition's watermark (never back), makes it active, and returns the combined one. */
  observe(partition: number, watermark: number): number {
    const mark = this.of(partition)
    expectTime('watermark', watermark)
    mark.idle = false
    mark.ended = false
    if (watermark > mark.watermark) mark.watermark = watermark
    return this.combine()
  }

  /** Declares a partition idle, until its next `observe` or `active`; returns the combined watermark. */
  idle(partition: number): number {
    this.of(partition).idle = true
    return this.combine()
  }

  /** Declares a partition active; returns the combined watermark. */
  active(partition: number): number {
    const mark = this.of(partition)
    mark.idle = false
    mark.ended = false
    return this.combine()
  }

  /** Declares that a partition has ended; returns the combined watermark. */
  ended(partition: number): number {
    this.of(partition).ended = true
    return this.combine()
  }

  /** The end of all input: the combined watermark is above every time from here on. */
  finish(): number {
    this.value = Number.POSITIVE_INFINITY
    return this.value
  }

  /** Recomputes the combined watermark after marks were written directly. */
  combine(): number {
    let least = Number.POSITIVE_INFINITY
    let greatest = Number.NEGATIVE_INFINITY
    let active = false
    for (const mark of this.marks.values()) {
      if (mark.watermark > greatest) greatest = mark.watermark
      if (mark.idle || mark.ended) continue
      active = true
      if (mark.watermark < least) least = mark.watermark
    }
    this.raise(active ? least : greatest)
    return this.value
  }

  /** The least watermark over the active partitions other than one: how far it alone can move the combined one. */
  leastOfOthers(mark: PartitionMark): number {
    if (mark === undefined || this.marks.get(mark?.partition) !== mark)
      throw badArgument('mark', 'one that add or of gave', mark)
    let least = Number.POSITIVE_INFINITY
    if (this.marks.size === 1) return least
    for (const other of this.marks.values()) {
      if (other !== mark && !other.idle && !other.ended && other.watermark < least) least = other.watermark
    }
    return least
  }

  /** Lifts the combined watermark to `watermark` when that is higher. */
  raise(watermark: number): void {
    expectTime('watermark', watermark)
    if (watermark > this.value) this.value = watermark
  }
}
