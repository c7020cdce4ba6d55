/** Finds conditions that have held for a while; each is found once until it ends. Times are ms of any clock that never goes back. */
export class Lasting {
  readonly #patience: number
  /** Since when each holds; Infinity: it has been found. */
  readonly #since = new Map<string, number>()

  /** @param patience ms */
  constructor(patience: number) {
    this.#patience = patience
  }

  /** Whether the condition has just held for long enough. */
  observe(name: string, holds: boolean, now: number): boolean {
    if (!holds) {
      this.#since.delete(name)
      return false
    }
    const since = this.#since.get(name)
    if (since === undefined) this.#since.set(name, now)
    if (since === undefined || now - since < this.#patience) return false
    this.#since.set(name, Number.POSITIVE_INFINITY)
    return true
  }
}
