import { objectOverhead } from '../distinct-counter.js'
import type { FingerprintLog } from './fingerprint-log.js'
import { leastSlots, mostSlots, Segment } from './segment.js'

/** The directory has at most one entry per this many fingerprints, whatever a hostile input contains. */
const fingerprintsPerEntry = 128
const deepest = 24
/** Of a table that holds one fingerprint at most. */
const noSegments: Segment[] = []
/** The fingerprints of one segment. */
const rows = /* @__PURE__ */ new Uint32Array(4 * mostSlots)

/**
 * A set of 128-bit fingerprints by extendible hashing (Fagin et al., 1979): the top bits of h1 select a segment through
 * a directory, each segment is a small open-addressing table. It grows one segment at a time, so no insertion ever
 * moves the whole set, memory never doubles at once, and segments in directory order hold ascending ranges of h1.
 * MurmurHash3 can be inverted: fingerprints may be chosen to share h1, or a slot. Segments that the directory cannot
 * split are parted by later bits, so that the cost of one insertion stays bounded.
 *
 * The first fingerprint is held by the table itself: of many groups most have one user, and a segment would take most of
 * the memory of their counters.
 */
export class FingerprintTable {
  size = 0
  /** Records every new fingerprint in order of insertion; null if the order is not tracked. */
  log: FingerprintLog | null = null
  private depth = 1
  private directory = noSegments
  // The only fingerprint, as long as there are no segments.
  private w0 = 0
  private w1 = 0
  private w2 = 0
  private w3 = 0

  /** Prepares the directory for `size` fingerprints, which may then be added in ascending order. */
  reserve(size: number): void {
    while (this.depth < deepest && (mostSlots >> 1) << this.depth < size) {
      if (this.directory.length === 0) this.open()
      this.doubleDirectory()
    }
  }

  /** False when the fingerprint was there already. */
  add(w0: number, w1: number, w2: number, w3: number): boolean {
    const isNew =
      this.directory.length === 0
        ? this.addFirst(w0 | 0, w1 | 0, w2 | 0, w3 | 0)
        : this.insert(w0, w1, w2, w3)
    if (isNew && this.log !== null) this.log.push(w0, w1, w2, w3)
    return isNew
  }

  private insert(w0: number, w1: number, w2: number, w3: number): boolean {
    const segment = this.directory[w1 >>> (32 - this.depth)]!
    if (segment.bit >= 0) return this.addToParted(segment, w0 | 0, w1 | 0, w2 | 0, w3 | 0)
    if (!segment.add(w0 | 0, w1 | 0, w2 | 0, w3 | 0)) return false
    this.size++
    if (segment.used > segment.most) this.grow(segment, w1)
    return true
  }

  addRows(hashes: Uint32Array, from: number, to: number): void {
    const end = 4 * to
    let at = 4 * from
    // A loop of its own, so that the common one stays small enough to be inlined whole.
    if (this.log !== null) {
      for (; at < end; at += 4) this.add(hashes[at]!, hashes[at + 1]!, hashes[at + 2]!, hashes[at + 3]!)
      return
    }
    for (; at < end && this.directory.length === 0; at += 4) {
      this.addFirst(hashes[at]! | 0, hashes[at + 1]! | 0, hashes[at + 2]! | 0, hashes[at + 3]! | 0)
    }
    for (; at < end; at += 4) {
      this.insert(hashes[at]! | 0, hashes[at + 1]! | 0, hashes[at + 2]! | 0, hashes[at + 3]! | 0)
    }
  }

  addAll(other: FingerprintTable): void {
    this.reserve(other.size)
    // Adding a table to itself changes nothing, and a table must not change while it is iterated.
    if (other === this) return
    if (other.directory.length === 0) {
      if (other.size === 1) this.add(other.w0, other.w1, other.w2, other.w3)
      return
    }
    other.forEachRows((hashes, count) => this.addRows(hashes, 0, count))
  }

  /** All fingerprints as rows of four words, some hundreds at a time; the rows are valid during the call. */
  forEachRows(visit: (hashes: Uint32Array, count: number) => void): void {
    this.forEachSegment((segment) => {
      segment.forEachWhole((whole) => {
        visit(rows, whole.copyTo(rows))
      })
    })
  }

  /** Segments by ascending range of h1. */
  forEachSegment(visit: (segment: Segment) => void): void {
    const directory = this.directory
    if (directory.length === 0 && this.size === 1) visit(this.firstSegment())
    for (let entry = 0; entry < directory.length; ) {
      const segment = directory[entry]!
      visit(segment)
      entry += 1 << (this.depth - segment.depth)
    }
  }

  /** Forgets all fingerprints, and the log. */
  clear(): void {
    this.size = 0
    this.log = null
    this.depth = 1
    this.directory = noSegments
  }

  /** A copy without the log. */
  clone(): FingerprintTable {
    const copy = new FingerprintTable()
    copy.size = this.size
    copy.depth = this.depth
    if (this.directory.length === 0) {
      copy.w0 = this.w0
      copy.w1 = this.w1
      copy.w2 = this.w2
      copy.w3 = this.w3
      return copy
    }
    const directory: Segment[] = []
    this.forEachSegment((segment) => {
      const segmentCopy = segment.clone()
      for (let times = 1 << (this.depth - segment.depth); times > 0; times--) directory.push(segmentCopy)
    })
    copy.directory = directory
    return copy
  }

  memoryBytes(): number {
    let bytes = 8 * this.directory.length + 100 + (this.log === null ? 0 : this.log.memoryBytes())
    if (this.directory.length === 0) return bytes
    this.forEachSegment((segment) => {
      bytes += segment.memoryBytes(objectOverhead)
    })
    return bytes
  }

  private addFirst(w0: number, w1: number, w2: number, w3: number): boolean {
    if (this.size === 0) {
      this.w0 = w0
      this.w1 = w1
      this.w2 = w2
      this.w3 = w3
      this.size = 1
      return true
    }
    if (w0 === this.w0 && w1 === this.w1 && w2 === this.w2 && w3 === this.w3) return false
    this.open()
    return this.insert(w0, w1, w2, w3)
  }

  /** Begins the segments, with the fingerprint that there is. */
  private open(): void {
    const segment = this.size === 0 ? new Segment(leastSlots, 0) : this.firstSegment()
    this.directory = [segment, segment]
  }

  private firstSegment(): Segment {
    const segment = new Segment(leastSlots, 0)
    segment.add(this.w0, this.w1, this.w2, this.w3)
    return segment
  }

  private addToParted(parted: Segment, w0: number, w1: number, w2: number, w3: number): boolean {
    let segment = parted
    while (segment.bit >= 0) segment = segment.half(w0, w1, w2, w3)
    if (!segment.add(w0, w1, w2, w3)) return false
    this.size++
    if (segment.used > segment.most) {
      if (segment.slots < mostSlots) segment.double()
      else segment.part()
    }
    return true
  }

  private grow(segment: Segment, w1: number): void {
    if (segment.slots < mostSlots) {
      segment.double()
      return
    }
    if (segment.depth === this.depth) {
      // Fingerprints that share their top bits are no hashes; a directory for them could grow without bound.
      if (this.depth === deepest || (2 << this.depth) * fingerprintsPerEntry > this.size) {
        segment.part()
        return
      }
      this.doubleDirectory()
    }
    this.split(segment, w1)
  }

  private doubleDirectory(): void {
    const directory: Segment[] = []
    for (const segment of this.directory) directory.push(segment, segment)
    this.directory = directory
    this.depth++
  }

  private split(segment: Segment, w1: number): void {
    const width = 1 << (this.depth - segment.depth)
    const start = (w1 >>> (32 - this.depth)) & -width
    const high = segment.split()
    this.directory.fill(high, start + width / 2, start + width)
    // Growing one half may deepen the directory, so both are named by their least h1 first.
    const lowest = start << (32 - this.depth)
    const middle = (start + width / 2) << (32 - this.depth)
    if (segment.used > segment.most) this.grow(segment, lowest)
    if (high.used > high.most) this.grow(high, middle)
  }
}
