/** When early results are due: every period, of which none is made up for. Times are ms of a clock that never goes back. */
export class EarlyResults {
  readonly #period: number
  #next: number

  /** @param period ms; Infinity: never */
  constructor(period: number, now: number) {
    this.#period = period
    this.#next = now + period
  }

  /** Whether they are due; if so, the next ones are a period later. */
  isDue(now: number): boolean {
    if (now < this.#next) return false
    const overdue = now - this.#next
    this.#next = (overdue < this.#period ? this.#next : now) + this.#period
    return true
  }
}
