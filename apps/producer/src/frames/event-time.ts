import { type Random, threshold } from './random.js'

export interface EventTimeOptions {
  /** Unix second of the first frame. */
  readonly start: number
  /** Frames per event second. */
  readonly rate: number
  /** Percent. */
  readonly lateProbability: number
  /** Seconds. */
  readonly lateMax: number
  /** Percent. */
  readonly flipProbability: number
}

/** Gives each frame its ts: the stream's own second, sometimes late by 1 to `lateMax`, sometimes with a flipped bit. */
export class EventTime {
  readonly #options: EventTimeOptions
  readonly #random: Random
  readonly #late: number
  readonly #flip: number

  constructor(options: EventTimeOptions, random: Random) {
    this.#options = options
    this.#random = random
    this.#late = threshold(options.lateProbability)
    this.#flip = threshold(options.flipProbability)
  }

  /** Unix second of frame `index`; call once per frame. */
  of(index: number): number {
    let second = this.#options.start + Math.floor(index / this.#options.rate)
    if (this.#late > 0 && this.#random.happens(this.#late))
      second -= 1 + this.#random.below(this.#options.lateMax)
    if (this.#flip > 0 && this.#random.happens(this.#flip)) second = flipBit(second, this.#random.below(31))
    return second
  }
}

/** Flips one bit of a whole number in two's complement, of any size (32-bit operators would cut it). */
export function flipBit(value: number, bit: number): number {
  const weight = 2 ** bit
  return Math.floor(value / weight) % 2 === 0 ? value + weight : value - weight
}
