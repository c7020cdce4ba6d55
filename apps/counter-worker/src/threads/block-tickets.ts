/** Blocks that were offered, and blocks that were claimed: numbers that only grow and may wrap around. */
const offered = 0
const claimed = 1
/** From here on, a cell for each block: 1 when it was scanned. */
const scanned = 2

/**
 * Which thread scans which block. Blocks are offered in turn, 0 to count - 1 and over again, so a ticket number says
 * which one it is; whoever claims the next ticket scans its block. All is in one shared array, so that waiting costs
 * nothing and telling costs no message.
 */
export class BlockTickets {
  readonly #cells: Int32Array
  readonly #mask: number

  /** @param cells as `ticketCells` made them, on every thread the same */
  constructor(cells: Int32Array) {
    this.#cells = cells
    this.#mask = cells.length - scanned - 1
  }

  /** The owner of the blocks: the next block in turn may be scanned. */
  offer(block: number): void {
    Atomics.store(this.#cells, scanned + block, 0)
    Atomics.add(this.#cells, offered, 1)
    Atomics.notify(this.#cells, offered, 1)
  }

  /** A block that this thread is to scan now; -1: there is none. */
  claim(): number {
    for (;;) {
      const ticket = Atomics.load(this.#cells, claimed)
      if (ticket === Atomics.load(this.#cells, offered)) return -1
      if (Atomics.compareExchange(this.#cells, claimed, ticket, (ticket + 1) | 0) === ticket) {
        return ticket & this.#mask
      }
    }
  }

  /** A block that this thread is to scan now; waits until there is one. */
  claimNext(): number {
    for (;;) {
      const last = Atomics.load(this.#cells, offered)
      const block = this.claim()
      if (block >= 0) return block
      Atomics.wait(this.#cells, offered, last)
    }
  }

  /** The block that this thread claimed was scanned. */
  finish(block: number): void {
    Atomics.store(this.#cells, scanned + block, 1)
    Atomics.notify(this.#cells, scanned + block)
  }

  isScanned(block: number): boolean {
    return Atomics.load(this.#cells, scanned + block) === 1
  }

  /** Blocks this thread, for so many ms at most, until the block was scanned. @returns whether it was */
  waitFor(block: number, milliseconds: number): boolean {
    return Atomics.wait(this.#cells, scanned + block, 0, milliseconds) !== 'timed-out'
  }
}

/** @param blocks a power of two, so that numbers that wrap around still name the right block */
export function ticketCells(blocks: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * (scanned + blocks)))
}
