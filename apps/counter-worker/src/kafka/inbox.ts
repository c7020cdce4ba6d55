type Answer<T> = { readonly result: IteratorResult<T, void> } | { readonly error: unknown }

/**
 * What one loop takes, one at a time: what was posted, then a tick when a period has passed, then the next event of a
 * source. Nothing that is done for one of them needs a guard against what is done for another.
 */
export class Inbox<Event, Posted> {
  readonly #source: AsyncIterator<Event, void>
  readonly #posted: Posted[] = []
  readonly #timer: NodeJS.Timeout
  #hasTicked = false
  #isAsked = false
  #answer: Answer<Event> | null = null
  #wake: (() => void) | null = null

  /** @param period ms from one tick to the next */
  constructor(source: AsyncIterator<Event, void>, period: number) {
    this.#source = source
    this.#timer = setInterval(() => {
      this.#hasTicked = true
      this.#wake?.()
    }, period)
  }

  post(value: Posted): void {
    this.#posted.push(value)
    this.#wake?.()
  }

  /** What is taken next fails. */
  fail(error: unknown): void {
    this.#answer = { error }
    this.#wake?.()
  }

  /** The next one, or null when the source is done. @throws what the source throws */
  async next(): Promise<Event | Posted | 'tick' | null> {
    for (;;) {
      const posted = this.#posted.shift()
      if (posted !== undefined) return posted
      if (this.#hasTicked) {
        this.#hasTicked = false
        return 'tick'
      }
      if (this.#answer !== null) {
        const answer = this.#answer
        this.#answer = null
        this.#isAsked = false
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
    if (this.#isAsked) return
    this.#isAsked = true
    const settle = (answer: Answer<Event>) => {
      this.#answer = answer
      this.#wake?.()
    }
    this.#source.next().then(
      (result) => settle({ result }),
      (error) => settle({ error }),
    )
  }
}
