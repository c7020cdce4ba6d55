import { setTimeout as delay } from 'node:timers/promises'

/** How many frames may have been sent by now. */
export interface Pacing {
  allowed(): number
  /** Waits until more are allowed, or the signal aborts. */
  wait(signal: AbortSignal): Promise<void>
}

/** As fast as possible. */
export const unpaced: Pacing = { allowed: () => Number.POSITIVE_INFINITY, wait: async () => {} }

/**
 * Event time against the clock: `rate` frames per event second, `speed` event seconds per second of the clock.
 *
 * @param step how long frames gather before they are written, ms
 * @param now milliseconds of a clock that never goes back
 */
export function pacedByClock(rate: number, speed: number, step: number, now: () => number): Pacing {
  const start = now()
  return {
    allowed: () => Math.floor(((now() - start) / 1000) * speed * rate) + 1,
    async wait(signal) {
      await delay(step, undefined, { signal }).catch(() => {})
    },
  }
}
