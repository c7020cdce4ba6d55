import { setTimeout as pause } from 'node:timers/promises'
import { KafkaIoError } from '../errors.js'

/** How long a new topic may be unknown to some brokers, ms. */
export const newTopicPatience = 5000

/** Waits between attempts, for a limited time in all. */
export class Patience {
  readonly #limit: number
  readonly #signal: AbortSignal | undefined
  readonly #began = performance.now()
  #attempts = 0

  /** @param limit ms, for all attempts together */
  constructor(limit: number, signal?: AbortSignal) {
    this.#limit = limit
    this.#signal = signal
    this.throwIfAborted()
  }

  /** @throws KafkaIoError closed: the signal was aborted */
  throwIfAborted(): void {
    if (this.#signal?.aborted) throw new KafkaIoError('closed', 'The attempt was aborted')
  }

  /**
   * Waits before the next attempt, twice as long each time.
   *
   * @param first ms of the first wait
   * @param longest ms of any wait
   * @returns false when the limit is reached
   * @throws KafkaIoError closed
   */
  async wait(first: number, longest: number): Promise<boolean> {
    const left = this.#began + this.#limit - performance.now()
    if (left <= 0) return false
    const wanted = Math.min(longest, first * 2 ** Math.min(this.#attempts++, 20))
    try {
      await pause(
        Math.min(wanted, left),
        undefined,
        this.#signal === undefined ? {} : { signal: this.#signal },
      )
    } catch {
      this.throwIfAborted()
    }
    return true
  }
}
