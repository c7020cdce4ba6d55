import { BlockScanner, type Blocks } from '../src/index.js'

/** Scans blocks by one scanner after the other, as so many threads of an app would. */
export class BlockTurns {
  readonly #blocks: Blocks
  readonly #threads: number
  readonly #scanners: readonly BlockScanner[]
  readonly #scanned = new Set<number>()
  #turn = 0

  constructor(blocks: Blocks, threads: number) {
    this.#blocks = blocks
    this.#threads = threads
    this.#scanners = Array.from({ length: threads - 1 }, (_, i) => {
      // As if posted: the memory is one, everything else a copy.
      const { memory, module, ...rest } = blocks.space
      return new BlockScanner({ memory, module, ...structuredClone(rest) }, i + 1)
    })
  }

  scan(block: number): void {
    const thread = this.#turn++ % this.#threads
    if (thread === 0) this.#blocks.scan(block)
    else this.#scanners[thread - 1]!.scan(block)
    this.#scanned.add(block)
  }

  /** The oldest block is to be taken: scanned now, if it was not before. */
  finishOldest(): void {
    const { oldest } = this.#blocks
    if (!this.#scanned.has(oldest)) this.scan(oldest)
    this.#scanned.delete(oldest)
  }
}
