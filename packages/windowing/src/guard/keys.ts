/** Distinguishes up to three keys by the four words of their hashes. */
export const enoughKeys = 3

/** The first three distinct keys of a partition. */
export class ShownKeys {
  count = 0
  private readonly words = new Uint32Array(4 * enoughKeys)

  /** Whether `show` can still change anything. */
  get isOpen(): boolean {
    return this.count < enoughKeys
  }

  show(w0: number, w1: number, w2: number, w3: number): void {
    if (this.count === enoughKeys || indexOf(this.words, this.count, w0, w1, w2, w3) >= 0) return
    put(this.words, this.count++, w0, w1, w2, w3)
  }

  /** The hashes, in order of arrival. */
  save(): number[][] {
    return hashes(this.words, this.count)
  }
}

/**
 * The last three distinct keys of the far frames, each with the number of its last frame. The run is always the end of
 * the sequence of far frames, so these tell how many distinct keys, up to three, any run has.
 */
export class RecentKeys {
  private count = 0
  private readonly words = new Uint32Array(4 * enoughKeys)
  private readonly numbers = new Float64Array(enoughKeys)

  /** @param number of the far frame, greater than any before */
  note(number: number, w0: number, w1: number, w2: number, w3: number): void {
    let at = indexOf(this.words, this.count, w0, w1, w2, w3)
    if (at < 0) {
      at = this.count < enoughKeys ? this.count++ : this.oldest()
      put(this.words, at, w0, w1, w2, w3)
    }
    this.numbers[at] = number
  }

  /** Distinct keys, up to three, of the far frames from a number on. */
  since(number: number): number {
    let keys = 0
    for (let i = 0; i < this.count; i++) if (this.numbers[i]! >= number) keys++
    return keys
  }

  /** The keys by age, the oldest first, each as its number and four words. */
  save(): number[][] {
    return hashes(this.words, this.count)
      .map((hash, i) => [this.numbers[i]!, ...hash])
      .sort(([a], [b]) => a! - b!)
  }

  private oldest(): number {
    const [a, b, c] = this.numbers
    return a! < b! ? (a! < c! ? 0 : 2) : b! < c! ? 1 : 2
  }
}

function indexOf(words: Uint32Array, count: number, w0: number, w1: number, w2: number, w3: number): number {
  for (let i = 0; i < count; i++) {
    const at = 4 * i
    if (words[at] === w0 && words[at + 1] === w1 && words[at + 2] === w2 && words[at + 3] === w3) return i
  }
  return -1
}

function put(words: Uint32Array, i: number, w0: number, w1: number, w2: number, w3: number): void {
  words[4 * i] = w0
  words[4 * i + 1] = w1
  words[4 * i + 2] = w2
  words[4 * i + 3] = w3
}

function hashes(words: Uint32Array, count: number): number[][] {
  return Array.from({ length: count }, (_, i) => [...words.subarray(4 * i, 4 * i + 4)])
}
