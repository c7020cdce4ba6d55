import { setImmediate } from 'node:timers/promises'

/** ms */
const longestStretch = 10

/** A reader that always finds something would keep the event loop from sockets and timers. */
export class EventLoopShare {
  #began = performance.now()

  get isUsedUp(): boolean {
    return performance.now() - this.#began > longestStretch
  }

  /** Lets sockets and timers run. */
  async yield(): Promise<void> {
    await setImmediate()
    this.#began = performance.now()
  }
}
