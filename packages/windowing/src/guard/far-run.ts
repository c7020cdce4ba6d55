import type { FarRunRecord } from '../snapshot/snapshot.js'
import { RecentKeys } from './keys.js'

/** Places of frames that left are freed from this number on: moving fewer is not worth it. */
const compactFrom = 32

/**
 * The far frames since the run last began: always the end of the sequence of far frames, since frames leave it only
 * together with all that arrived before them. Of its times only the suffix minima matter: a frame that is
 * followed by one at most as late can never be the least again.
 */
export class FarRun {
  private from = 0
  private next = 0
  // A monotonic deque, its times rising from `head` on; each frame enters it once and leaves it once.
  private numbers: number[] = []
  private times: number[] = []
  private head = 0
  private readonly keys = new RecentKeys()

  /** How many frames it holds. */
  get length(): number {
    return this.next - this.from
  }

  /** Its least time in ms; Infinity when it is empty. */
  get least(): number {
    return this.head < this.times.length ? this.times[this.head]! : Number.POSITIVE_INFINITY
  }

  /** The time of its newest frame in ms. The run must not be empty. */
  get newest(): number {
    return this.times[this.times.length - 1]!
  }

  /** Distinct keys of its frames, counted up to three. */
  get distinctKeys(): number {
    return this.keys.since(this.from)
  }

  add(time: number, w0: number, w1: number, w2: number, w3: number): void {
    const { numbers, times } = this
    while (times.length > this.head && times[times.length - 1]! >= time) {
      times.pop()
      numbers.pop()
    }
    this.keys.note(this.next, w0, w1, w2, w3)
    numbers.push(this.next++)
    times.push(time)
  }

  /** Removes the frame with the least time (the last of several) and all that arrived before it. */
  removeLeast(): void {
    this.from = this.numbers[this.head++]! + 1
    if (this.head === this.times.length) this.forgetMinima()
    else if (this.head >= compactFrom && 2 * this.head > this.times.length) this.compact()
  }

  /** Every frame leaves. */
  clear(): void {
    this.from = this.next
    this.forgetMinima()
  }

  save(): FarRunRecord {
    const { from, next } = this
    const minima = this.times.slice(this.head).map((time, i) => [this.numbers[this.head + i]!, time] as const)
    return { from, next, minima, keys: this.keys.save() }
  }

  /** Fills a new run. */
  load({ from, next, minima, keys }: FarRunRecord): void {
    this.from = from
    this.next = next
    this.numbers = minima.map(([number]) => number)
    this.times = minima.map(([, time]) => time)
    for (const [number, w0, w1, w2, w3] of keys) this.keys.note(number!, w0!, w1!, w2!, w3!)
  }

  private forgetMinima(): void {
    this.head = 0
    this.numbers.length = 0
    this.times.length = 0
  }

  private compact(): void {
    this.numbers.splice(0, this.head)
    this.times.splice(0, this.head)
    this.head = 0
  }
}
