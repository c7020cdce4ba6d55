import type { PartitionReader } from './partition-reader.js'

/** Gives each partition its turn, so that none is left behind. */
export class ReaderTurns {
  #next = 0

  /** The next reader that has an event; undefined where none has. */
  take(readers: readonly PartitionReader[]): PartitionReader | undefined {
    const { length } = readers
    for (let i = 0; i < length; i++) {
      const at = (this.#next + i) % length
      if (!readers[at]!.ready) continue
      this.#next = (at + 1) % length
      return readers[at]
    }
    return undefined
  }
}
