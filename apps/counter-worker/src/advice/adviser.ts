import type { Advice } from './advise.js'

/** How far a run has come. */
export interface RunSums {
  /** Lines or records that are not blank. */
  readonly lines: number
  readonly rejected: number
}

/** What an adviser watches, and where its advice goes. */
export interface AdviserParts {
  readonly sums: () => RunSums
  readonly advise: () => Advice
  readonly tell: (advice: Advice, sums: RunSums) => void
}

/** Lines after which a run that has rejected most of them says why. */
const enoughLines = 1000
/** ms after which it says so with fewer. */
const longEnough = 5000
const period = 100

/**
 * Speaks once when most of what was read so far was rejected: soon after the first lines, after a few seconds, or at the
 * end. It looks by a timer, so that no frame costs anything.
 */
export class Adviser {
  readonly #parts: AdviserParts
  readonly #timer: NodeJS.Timeout
  readonly #began = performance.now()

  constructor(parts: AdviserParts) {
    this.#parts = parts
    this.#timer = setInterval(() => {
      const { lines } = parts.sums()
      if (lines >= enoughLines || (lines > 0 && performance.now() - this.#began >= longEnough)) this.#look()
    }, period)
    this.#timer.unref()
  }

  /** The input has ended. */
  end(): void {
    if (!this.#isStopped) this.#look()
  }

  /** Nothing more is to be said, whatever is read. */
  stop(): void {
    this.#isStopped = true
    clearInterval(this.#timer)
  }

  #isStopped = false

  #look(): void {
    clearInterval(this.#timer)
    const sums = this.#parts.sums()
    if (2 * sums.rejected <= sums.lines) return
    this.stop()
    this.#parts.tell(this.#parts.advise(), sums)
  }
}
