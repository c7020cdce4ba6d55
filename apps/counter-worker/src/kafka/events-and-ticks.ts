type Answer<T> = { readonly result: IteratorResult<T, void> } | { readonly error: unknown }

/**
 * The events of a source, and a tick between them whenever a period has passed, one at a time: what is done at a
 * tick needs no guard against what is done for an event.
 */
export class EventsAndTicks<T> {
  readonly #source: AsyncIterator<T, void>
  readonly #timer: NodeJS.Timeout
  #ticked = false
  #asked = false
  #answer: Answer<T> | null = null
  #wake: (() => void) | null = null

  /** @param period ms */
  constructor(source: AsyncIterator<T, void>, period: number) {
    this.#source = source
    this.#timer = setInterval(() => {
      this.#ticked = true
      this.#wake?.()
    }, period)
  }

  /** The next event, `tick`, or null when the source is done. @throws what the source throws */
  async next(): Promise<T | 'tick' | null> {
    for (;;) {
      if (this.#ticked) {
        this.#ticked = false
        return 'tick'
      }
      if (this.#answer !== null) {
        const answer = this.#answer
        this.#answer = null
        this.#asked = false
        if ('error' in answer) throw answer.error
        return answer.result.done === true ? null : answer.result.value
      }
      this.#ask()
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = null
    }
  }

  close(): void {
    clearInterval(this.#timer)
  }

  // An event is asked for when the one before has been dealt with, since its arrays are used again.
  #ask(): void {
    if (this.#asked) return
    this.#asked = true
    const settle = (answer: Answer<T>) => {
      this.#answer = answer
      this.#wake?.()
    }
    this.#source.next().then(
      (result) => settle({ result }),
      (error) => settle({ error }),
    )
  }
}
