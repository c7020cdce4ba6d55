/** Wakes everyone who waits. Whoever waits has looked just before, with no await between, so no call is missed. */
export class Signal {
  #waiting: (() => void)[] = []

  fire(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }

  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }
}
