import type { Blocks, FrameColumns } from '@card/frames'
import { readSize } from '../input/byte-source.js'
import type { FeedParts, FrameFeed } from '../input/frame-feed.js'
import type { ScanThreads } from './scan-threads.js'

/** Bytes of a block at least, unless told otherwise: scanning so many takes longer than handing them over. */
const leastBlock = 128 * 1024

/** Lines are scanned on several threads; on this one they are read before and counted after, in their order. */
export class ThreadedFeed implements FrameFeed {
  source = ''
  readonly #parts: FeedParts
  readonly #blocks: Blocks
  readonly #threads: ScanThreads
  readonly #least: number
  /** The reader's own columns hold rows that are behind those of all blocks. */
  #areOwnWaiting = false
  /** True for good when the core failed in the middle of a batch. */
  #isCounting = false

  constructor(parts: FeedParts, threads: ScanThreads, least = leastBlock) {
    this.#parts = parts
    this.#blocks = parts.reader.blocks!
    this.#threads = threads
    this.#least = least
  }

  reserve(size: number): Uint8Array {
    return this.#parts.reader.reserve(size)
  }

  commit(length: number): void {
    this.#parts.reader.commit(length)
  }

  async write(chunk: Uint8Array): Promise<void> {
    for (let taken = 0; taken < chunk.length; ) {
      taken += this.#parts.reader.write(chunk.subarray(taken, taken + readSize))
      await this.#share()
    }
  }

  async settle(): Promise<void> {
    await this.#share()
    this.#parts.onProgress()
    await this.#parts.outputs.flush()
  }

  async idle(): Promise<void> {
    await this.#takeBlocks()
    await this.#takeOwn()
    await this.settle()
  }

  async endOfSource(): Promise<void> {
    await this.#takeBlocks()
    this.#parts.reader.endOfSource()
    await this.#takeOwn()
    this.#parts.onProgress()
  }

  async close(): Promise<void> {
    try {
      if (this.#isCounting) return
      await this.#takeBlocks()
      await this.#takeOwn()
    } finally {
      await this.#threads.close()
    }
  }

  /** Shares out what was read, and counts until there is space to read on. */
  async #share(): Promise<void> {
    const { reader, rows } = this.#parts
    const blocks = this.#blocks
    this.#threads.check()
    for (;;) {
      while (this.#threads.isOldestScanned) this.#takeOldest()
      // Ids of groups are freed when no thread can have remembered one.
      if (rows.isSweepDue) await this.#takeBlocks()
      if (
        !this.#threads.offer(this.#least) &&
        blocks.waiting < blocks.count &&
        reader.unread >= this.#least
      ) {
        await this.#takeOwn()
      }
      if (!blocks.isFull(readSize)) return
      await this.#threads.help()
    }
  }

  async #takeBlocks(): Promise<void> {
    while (this.#blocks.waiting > 0) {
      if (this.#threads.isOldestScanned) this.#takeOldest()
      else await this.#threads.help()
    }
  }

  #takeOldest(): void {
    for (let columns = this.#blocks.take(); columns !== null; columns = this.#blocks.take()) {
      this.#count(columns, this.#blocks.waiting > 1 || this.#areOwnWaiting)
    }
  }

  /** Lines that are in no block: long ones, the last of a source, what is too little for one. */
  async #takeOwn(): Promise<void> {
    const { reader } = this.#parts
    while (reader.next()) {
      this.#areOwnWaiting = true
      await this.#takeBlocks()
      this.#areOwnWaiting = false
      this.#count(reader.columns, false)
    }
  }

  #count(columns: FrameColumns, areGroupIdsInUse: boolean): void {
    const { rows, onBatch } = this.#parts
    const began = performance.now()
    this.#isCounting = true
    rows.take(this.source, columns, areGroupIdsInUse)
    this.#isCounting = false
    onBatch((performance.now() - began) / 1000)
  }
}
