/** So many frames are looked back upon. */
const span = 1000

/** How many of the last 1,000 frames of a partition were late, in a ring of one byte a frame. */
export class LateShare {
  readonly #ring = new Uint8Array(span)
  #at = 0
  #seen = 0
  #late = 0

  /** Late frames among the last 1,000 or, before there are as many, among all. */
  get late(): number {
    return this.#late
  }

  /** From 0 to 1; 0 before there are 1,000 frames. */
  get ratio(): number {
    return this.#seen < span ? 0 : this.#late / span
  }

  /** Notes frames that followed each other with one fate. */
  add(frames: number, isLate: boolean): void {
    this.#seen = Math.min(span, this.#seen + frames)
    if (!isLate && this.#late === 0) {
      this.#at = (this.#at + frames) % span
      return
    }
    const value = isLate ? 1 : 0
    if (frames >= span) {
      this.#ring.fill(value)
      this.#late = span * value
      return
    }
    for (let i = 0; i < frames; i++) {
      this.#late += value - this.#ring[this.#at]!
      this.#ring[this.#at] = value
      this.#at = this.#at + 1 === span ? 0 : this.#at + 1
    }
  }
}
