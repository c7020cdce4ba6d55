import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { ExitCode, ExitError } from '@card/app-kit'
import type { Blocks } from '@card/frames'
import { BlockTickets, ticketCells } from './block-tickets.js'
import type { ScanThreadData } from './scan-thread.js'

/** Blocks for each thread: enough that none runs dry while this one reads or counts. A power of two. */
const blocksOfThread = 4

/** How many blocks so many threads share: a power of two. */
export function blocksFor(threads: number): number {
  return blocksOfThread * 2 ** Math.ceil(Math.log2(threads))
}

/** Milliseconds for which this thread waits for another one before signals and timers have their turn. */
const longestWait = 10

/** The program that threads run, beside this one. */
const threadProgram = new URL('./scan-thread.js', import.meta.url)

/** Scans the blocks of a reader: on threads of its own, and on this one whenever it would otherwise wait. */
export class ScanThreads {
  readonly #blocks: Blocks
  readonly #tickets: BlockTickets
  readonly #workers: readonly Worker[]
  #failure: unknown = null
  #closing = false

  /** @param threads all together, this one among them */
  constructor(blocks: Blocks, threads: number, program = threadProgram) {
    const cells = ticketCells(blocks.count)
    this.#blocks = blocks
    this.#tickets = new BlockTickets(cells)
    this.#workers = Array.from({ length: threads - 1 }, (_, i) => {
      const workerData: ScanThreadData = { space: blocks.space, cells, index: i + 1 }
      // A thread makes little garbage: room for more would be memory that nobody needs.
      const worker = new Worker(program, { workerData, resourceLimits: { maxYoungGenerationSizeMb: 4 } })
      worker.once('error', (error) => {
        this.#failure ??= error
      })
      worker.once('exit', (code) => {
        if (this.#closing) return
        this.#failure ??= new ExitError(ExitCode.failed, [`a scanning thread ended unexpectedly (${code})`])
      })
      return worker
    })
  }

  /** Cuts what waits into a block and has it scanned. False: there is not so much, or no block is free. */
  offer(least: number): boolean {
    return this.#offer(this.#blocks.cut(least))
  }

  /** Ends the block of records that is being filled, and has it scanned. False: there is none. */
  offerRecords(): boolean {
    return this.#offer(this.#blocks.cutRecords())
  }

  /** Whether the rows of the oldest block can be taken. */
  get isOldestScanned(): boolean {
    return this.#blocks.waiting > 0 && this.#tickets.isScanned(this.#blocks.oldest)
  }

  /**
   * Scans a block on this thread; where all are claimed, waits for the oldest, or for a while.
   *
   * @throws what ended one of the threads, an ExitError (1) if it did not say
   */
  async help(): Promise<void> {
    const block = this.#tickets.claim()
    if (block >= 0) {
      this.#blocks.scan(block)
      this.#tickets.finish(block)
    } else if (!this.#tickets.waitFor(this.#blocks.oldest, longestWait)) {
      await setImmediate()
    }
    this.check()
  }

  /** @throws what ended one of the threads, an ExitError (1) if it did not say */
  check(): void {
    if (this.#failure !== null) throw this.#failure
  }

  async close(): Promise<void> {
    this.#closing = true
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  #offer(block: number): boolean {
    if (block >= 0) this.#tickets.offer(block)
    return block >= 0
  }
}
