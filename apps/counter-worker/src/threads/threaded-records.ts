import type { Blocks } from '@card/frames'
import type { RecordSection } from '@card/kafka-io'
import { type CountRows, PlainRecords, type RecordFeed, type RecordFeedParts } from '../kafka/record-feed.js'
import type { ScanThreads } from './scan-threads.js'

/** Records are walked and scanned on several threads; on this one they are copied before and counted after, in order. */
export class ThreadedRecords implements RecordFeed {
  readonly #parts: RecordFeedParts
  readonly #blocks: Blocks
  readonly #threads: ScanThreads
  readonly #plain: PlainRecords

  constructor(parts: RecordFeedParts, threads: ScanThreads) {
    this.#parts = parts
    this.#blocks = parts.reader.blocks!
    this.#threads = threads
    this.#plain = new PlainRecords(parts)
  }

  async take(sections: readonly RecordSection[], count: CountRows): Promise<void> {
    this.#threads.check()
    for (const section of sections) await this.#share(section, count)
    await this.#takeAll(count)
  }

  close(): Promise<void> {
    return this.#threads.close()
  }

  async #share(section: RecordSection, count: CountRows): Promise<void> {
    for (;;) {
      const shared = this.#parts.reader.shareRecords(section)
      if (shared === 'all') return
      if (shared === 'rest') {
        await this.#takeAll(count)
        return this.#plain.take([section], count)
      }
      if (!this.#threads.offerRecords()) await this.#takeOldest(count)
    }
  }

  async #takeAll(count: CountRows): Promise<void> {
    this.#threads.offerRecords()
    while (this.#blocks.waiting > 0) await this.#takeOldest(count)
  }

  async #takeOldest(count: CountRows): Promise<void> {
    const blocks = this.#blocks
    const { onBatch, outputs } = this.#parts
    while (!this.#threads.isOldestScanned) await this.#threads.help()
    for (let columns = blocks.take(); columns !== null; columns = blocks.take()) {
      const began = performance.now()
      // Ids of groups are freed when no thread can have remembered one.
      count(columns, blocks.waiting > 1)
      onBatch((performance.now() - began) / 1000)
      await outputs.flush()
    }
  }
}
