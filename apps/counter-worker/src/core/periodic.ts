/** What is due every period; periods that were missed are not made up for. Times are ms of a clock that never goes back. */
export class Periodic {
  readonly #period: number
  #next: number

  /** @param period ms; Infinity: never */
  constructor(period: number, now: number) {
    this.#period = period
    this.#next = now + period
  }

  /** Whether it is due; if so, it is due again a period later. */
  isDue(now: number): boolean {
    if (now < this.#next) return false
    const overdue = now - this.#next
    this.#next = (overdue < this.#period ? this.#next : now) + this.#period
    return true
  }
}
