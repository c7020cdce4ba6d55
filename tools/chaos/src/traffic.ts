import type { Random } from './random.js'

/** A frame that is sent, and what it counts as. */
export interface Frame {
  readonly user: string
  /** ms */
  readonly time: number
  readonly topic: number
}

const sizes = { '1m': 60_000, '1h': 3_600_000, '1d': 86_400_000 } as const

/** What a right counter has published when everything is counted. */
export class Truth {
  readonly #windows = new Map<string, { events: number; readonly users: Set<string> }>()
  frames = 0

  add({ user, time }: Frame): void {
    this.frames++
    for (const [name, length] of Object.entries(sizes)) {
      const key = keyOf(name, new Date(Math.floor(time / length) * length).toISOString())
      let window = this.#windows.get(key)
      if (window === undefined) {
        window = { events: 0, users: new Set() }
        this.#windows.set(key, window)
      }
      window.events++
      window.users.add(user)
    }
  }

  /** Windows by key, as `count events`. */
  get windows(): Map<string, string> {
    return new Map(Array.from(this.#windows, ([key, { users, events }]) => [key, `${users.size} ${events}`]))
  }
}

/** The names of the windows' sizes, as the worker takes them. */
export const windowSizes = Object.keys(sizes).join(',')

export function keyOf(window: string, start: string): string {
  return `${window} ${start}`
}

/**
 * Frames in nearly the order of their times, of which none is late: behind by less than the out-of-orderness. Now and then
 * event time leaps by an hour, so that frames wait in the far-future guard.
 */
export class Traffic {
  readonly #random: Random
  #clock = Date.parse('2016-07-11T12:00:00Z')

  constructor(random: Random) {
    this.#random = random
  }

  /** @param topics how many they are spread over */
  take(frames: number, topics: number): Frame[] {
    const random = this.#random
    if (random.next() < 0.3) this.#clock += 3_600_000
    return Array.from({ length: frames }, () => {
      this.#clock += random.whole(0, 150)
      return {
        user: `user-${random.whole(0, 2000)}`,
        time: this.#clock - random.whole(0, 3000),
        topic: random.whole(0, topics - 1),
      }
    })
  }
}
