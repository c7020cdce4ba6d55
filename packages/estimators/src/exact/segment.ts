/** Slots of a fresh segment: V8 keeps typed arrays of up to 64 bytes in the object, larger ones cost 230 bytes more (2024). */
export const leastSlots = 4
/** A segment of this many slots (16 KiB, moved in some ten microseconds) is split instead of doubled. */
export const mostSlots = 1024
/** The contents of a segment while its words are refilled. */
const moved = /* @__PURE__ */ new Int32Array(4 * mostSlots)

/**
 * Fingerprints in open addressing with linear probing, at most three quarters full. A fingerprint is four int32
 * words; four zeros mark a free slot, so the fingerprint of four zeros is a flag of its own.
 */
export class Segment {
  words: Int32Array
  used = 0
  /** Parted segments hold nothing themselves: this bit of a fingerprint (0 the highest of h1) tells which half does. */
  bit = -1
  private zero = false
  private halves: readonly [Segment, Segment] | null = null

  /**
   * @param slots a power of two
   * @param depth how many top bits of h1 are the same in all fingerprints of this segment
   */
  constructor(
    slots: number,
    public depth: number,
  ) {
    this.words = new Int32Array(4 * slots)
  }

  get slots(): number {
    return this.words.length >>> 2
  }

  /** More than this many fingerprints make a segment grow. */
  get most(): number {
    return (this.words.length >>> 4) * 3
  }

  /** The half of a parted segment that a fingerprint belongs to. */
  half(w0: number, w1: number, w2: number, w3: number): Segment {
    return this.halves![bitOf(this.bit, w0, w1, w2, w3)]!
  }

  /** How many fingerprints this segment or its halves hold. */
  count(): number {
    return this.halves === null ? this.used : this.halves[0].count() + this.halves[1].count()
  }

  /** Bytes of this segment and its halves, `overhead` for each. */
  memoryBytes(overhead: number): number {
    const own = this.words.byteLength + overhead
    return this.halves === null
      ? own
      : own + this.halves[0].memoryBytes(overhead) + this.halves[1].memoryBytes(overhead)
  }

  /** False when the fingerprint was there already. */
  add(w0: number, w1: number, w2: number, w3: number): boolean {
    const words = this.words
    const mask = words.length - 1
    // The segment comes from the high half of h1, the slot from the low halves of both: they are independent.
    let at = ((w0 ^ w2) << 2) & mask
    for (;;) {
      const a = words[at]!
      const b = words[at + 1]!
      const c = words[at + 2]!
      const d = words[at + 3]!
      if (a === w0 && b === w1 && c === w2 && d === w3) {
        if ((a | b | c | d) !== 0 || this.zero) return false
        this.zero = true
        this.used++
        return true
      }
      if ((a | b | c | d) === 0) break
      at = (at + 4) & mask
    }
    words[at] = w0
    words[at + 1] = w1
    words[at + 2] = w2
    words[at + 3] = w3
    this.used++
    return true
  }

  double(): void {
    const words = this.words
    this.words = new Int32Array(2 * words.length)
    shareOut(words, words.length, this.words, this.words, 0)
  }

  /** Moves the fingerprints in whose h1 the first bit is set that may differ to a segment of their own. */
  split(): Segment {
    const shift = 31 - this.depth++
    const high = new Segment(this.slots, this.depth)
    const { words } = this
    moved.set(words)
    words.fill(0)
    high.used = shareOut(moved, words.length, words, high.words, shift)
    this.used -= high.used
    return high
  }

  /**
   * Parts into two halves by the first bit in which the fingerprints differ, where no directory tells them apart. A half
   * never differs in that bit again, so however the fingerprints were chosen, at most 127 halves are passed on the way
   * to one, and a table that is searched never has more than the slots of this one.
   */
  part(): void {
    const shared = new Int32Array(4)
    let isFirst = true
    const differing = new Int32Array(4)
    this.forEach((w0, w1, w2, w3) => {
      if (isFirst) shared.set([w0, w1, w2, w3])
      isFirst = false
      differing[0]! |= w0 ^ shared[0]!
      differing[1]! |= w1 ^ shared[1]!
      differing[2]! |= w2 ^ shared[2]!
      differing[3]! |= w3 ^ shared[3]!
    })
    const word = wordOrder.findIndex((at) => differing[at] !== 0)
    this.bit = 32 * word + Math.clz32(differing[wordOrder[word]!]!)
    let ones = 0
    this.forEach((w0, w1, w2, w3) => {
      ones += bitOf(this.bit, w0, w1, w2, w3)
    })
    const halves = [
      new Segment(slotsFor(this.used - ones), this.depth),
      new Segment(slotsFor(ones), this.depth),
    ] as const
    this.forEach((w0, w1, w2, w3) => {
      halves[bitOf(this.bit, w0, w1, w2, w3)]!.add(w0, w1, w2, w3)
    })
    this.halves = halves
    this.words = new Int32Array(0)
    this.used = 0
    this.zero = false
  }

  /**
   * Copies the fingerprints to rows from the first one on.
   *
   * @param rows four words each, room for all of a segment that is not parted
   * @returns how many there are
   */
  copyTo(rows: Uint32Array): number {
    const words = this.words
    let to = 0
    if (this.zero) {
      rows.fill(0, 0, 4)
      to = 4
    }
    for (let at = 0; at < words.length; at += 4) {
      const a = words[at]!
      const b = words[at + 1]!
      const c = words[at + 2]!
      const d = words[at + 3]!
      if ((a | b | c | d) === 0) continue
      rows[to] = a
      rows[to + 1] = b
      rows[to + 2] = c
      rows[to + 3] = d
      to += 4
    }
    return to >>> 2
  }

  /** Every fingerprint once, in no particular order, as int32 words. */
  forEach(visit: (w0: number, w1: number, w2: number, w3: number) => void): void {
    for (const half of this.halves ?? []) half.forEach(visit)
    if (this.zero) visit(0, 0, 0, 0)
    const words = this.words
    for (let at = 0; at < words.length; at += 4) {
      const a = words[at]!
      const b = words[at + 1]!
      const c = words[at + 2]!
      const d = words[at + 3]!
      if ((a | b | c | d) !== 0) visit(a, b, c, d)
    }
  }

  /** This segment, or of a parted one its halves that are not. */
  forEachWhole(visit: (segment: Segment) => void): void {
    if (this.halves === null) visit(this)
    else for (const half of this.halves) half.forEachWhole(visit)
  }

  clone(): Segment {
    const copy = new Segment(0, this.depth)
    copy.words = this.words.slice()
    copy.used = this.used
    copy.zero = this.zero
    copy.bit = this.bit
    if (this.halves !== null) copy.halves = [this.halves[0].clone(), this.halves[1].clone()]
    return copy
  }
}

/**
 * Inserts different fingerprints into tables of one size that have room for them: those with this bit of h1 set into
 * `high`, the others into `low`. Returns how many went to `high`.
 */
function shareOut(
  words: Int32Array,
  length: number,
  low: Int32Array,
  high: Int32Array,
  shift: number,
): number {
  const mask = low.length - 1
  let ofHigh = 0
  for (let at = 0; at < length; at += 4) {
    const a = words[at]!
    const b = words[at + 1]!
    const c = words[at + 2]!
    const d = words[at + 3]!
    if ((a | b | c | d) === 0) continue
    const bit = (b >>> shift) & 1
    ofHigh += bit
    const into = bit === 0 ? low : high
    let to = ((a ^ c) << 2) & mask
    while ((into[to]! | into[to + 1]! | into[to + 2]! | into[to + 3]!) !== 0) to = (to + 4) & mask
    into[to] = a
    into[to + 1] = b
    into[to + 2] = c
    into[to + 3] = d
  }
  return ofHigh
}

/** The words of a fingerprint from its highest to its lowest: h1 high, h1 low, h2 high, h2 low. */
const wordOrder = [1, 0, 3, 2]

function bitOf(bit: number, w0: number, w1: number, w2: number, w3: number): 0 | 1 {
  const word = bit < 32 ? w1 : bit < 64 ? w0 : bit < 96 ? w3 : w2
  return ((word >>> (31 - (bit & 31))) & 1) as 0 | 1
}

/** The fewest slots, a power of two, that hold this many fingerprints. */
function slotsFor(used: number): number {
  let slots = leastSlots
  while (4 * used > 3 * slots) slots *= 2
  return slots
}
