import type { TakeOver } from '@card/kafka-io'
import type { DurableInput } from '../core/durable/inputs.js'

/** Partitions that the group has given, and that wait for the position to be read from. */
export class WaitingStarts {
  readonly #waiting = new Map<string, { readonly takeOver: TakeOver; resolve(position: number): void }>()
  readonly #untold = new Set<string>()
  readonly #post: (input: DurableInput) => void
  #generation = -1

  constructor(post: (input: DurableInput) => void) {
    this.#post = post
  }

  /** Waits for the position of an owner. */
  async wait(owner: string, takeOver: TakeOver): Promise<number | null> {
    return new Promise((resolve) => {
      this.#waiting.set(owner, { takeOver, resolve })
      this.#untold.add(owner)
      takeOver.signal.addEventListener('abort', () => {
        const isUntold = this.#untold.delete(owner)
        if (this.#waiting.get(owner)?.takeOver === takeOver) this.#waiting.delete(owner)
        // Also where it has its position already: it was taken away before it was read.
        if (!isUntold) this.#post({ kind: 'revoked', owners: [owner] })
        resolve(null)
      })
      this.tell(this.#generation)
    })
  }

  /**
   * The generation has been told: what was given in it is taken over now, and not before, for the revocations of generations
   * before have to be heard first.
   */
  tell(generation: number): void {
    this.#generation = generation
    for (const owner of this.#untold) {
      const { takeOver } = this.#waiting.get(owner)!
      if ((takeOver.generation ?? 0) > generation) continue
      this.#untold.delete(owner)
      this.#post({ kind: 'take-over', owner, generation: takeOver.generation ?? 0 })
    }
  }

  /** Owners that are being taken over, in the generation before. */
  get owners(): string[] {
    return [...this.#waiting.keys()].filter((owner) => !this.#untold.has(owner))
  }

  /** Reads an owner's partition from here. @returns false: it is read already, and has to be read anew */
  start(owner: string, position: number): boolean {
    const waiting = this.#waiting.get(owner)
    if (waiting === undefined) return false
    this.#waiting.delete(owner)
    waiting.resolve(position)
    return true
  }
}
