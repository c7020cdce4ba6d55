/**
 * Fingerprints in open addressing with linear probing, at most three quarters full. A fingerprint is four int32
 * words; four zeros mark a free slot, so the fingerprint of four zeros is a flag of its own.
 */
export class Segment {
  words: Int32Array
  used = 0
  private zero = false

  /**
   * @param slots a power of two
   * @param depth how many top bits of h1 are the same in all fingerprints of this segment
   */
  constructor(
    slots: number,
    readonly depth: number,
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

  /** False when the fingerprint was there already. */
  add(w0: number, w1: number, w2: number, w3: number): boolean {
    const words = this.words
    const mask = words.length - 1
    // The slot comes from the low half of h1, the segment from the high half: the two are independent.
    let at = (w0 << 2) & mask
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
    const larger = new Segment(2 * this.slots, this.depth)
    this.forEach((w0, w1, w2, w3) => {
      larger.add(w0, w1, w2, w3)
    })
    this.words = larger.words
  }

  /** Shares the fingerprints out by the first bit of h1 in which they may differ. */
  splitInto(low: Segment, high: Segment): void {
    const shift = 31 - this.depth
    this.forEach((w0, w1, w2, w3) => {
      const half = (w1 >>> shift) & 1 ? high : low
      half.add(w0, w1, w2, w3)
    })
  }

  /** Every fingerprint once, in no particular order, as int32 words. */
  forEach(visit: (w0: number, w1: number, w2: number, w3: number) => void): void {
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

  clone(): Segment {
    const copy = new Segment(0, this.depth)
    copy.words = this.words.slice()
    copy.used = this.used
    copy.zero = this.zero
    return copy
  }
}
