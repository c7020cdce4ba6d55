/**
 * The question where partitions end that is asked of the brokers before these partitions are found idle: what is known of
 * a partition is as old as its last fetch, and a broker that does not answer is no quiet partition. One is open at a time.
 */
export class EndsQuestion {
  #id = 0
  /** Where reading stood when the open question was asked; null: none is open. */
  #asked: Map<string, number> | null = null

  get isOpen(): boolean {
    return this.#asked !== null
  }

  /** @param positions by partition @returns the number of the question */
  ask(positions: ReadonlyMap<string, number>): number {
    this.#asked = new Map(positions)
    this.#id++
    return this.#id
  }

  /** The answer says nothing of a partition any more: records of it came, or another worker reads it. */
  forget(partition: string): void {
    this.#asked?.delete(partition)
  }

  /** The answer says nothing any more. */
  forgetAll(): void {
    this.#asked?.clear()
  }

  /** Closes the question. @returns the partitions it still holds for, with their positions; none of another question */
  close(id: number): ReadonlyMap<string, number> {
    if (id !== this.#id || this.#asked === null) return new Map()
    const asked = this.#asked
    this.#asked = null
    return asked
  }
}
