import { type FrameColumns, type FrameReader, FramesError } from '@card/frames'
import type { RecordSection } from '@card/kafka-io'
import type { Outputs } from '../output/outputs.js'

/** Takes rows that were records. @param areGroupIdsInUse rows to come hold group ids that were looked up already */
export type CountRows = (columns: FrameColumns, areGroupIdsInUse: boolean) => void

/** Takes the records of one event after the other to the counting core. */
export interface RecordFeed {
  /**
   * Hands over all rows of the sections, in their order; `count` counts those that it is given.
   *
   * @throws {FramesError} of a damaged record, when the rows before it are counted
   */
  take(sections: readonly RecordSection[], count: CountRows): Promise<void>
  close(): Promise<void>
}

/** What a feed works with. */
export interface RecordFeedParts {
  readonly reader: FrameReader
  readonly outputs: Pick<Outputs, 'flush'>
  /** Called after each batch with the seconds it took. */
  readonly onBatch: (seconds: number) => void
}

/** Everything on this thread. */
export class PlainRecords implements RecordFeed {
  readonly #parts: RecordFeedParts
  #began = 0

  constructor(parts: RecordFeedParts) {
    this.#parts = parts
  }

  async take(sections: readonly RecordSection[], count: CountRows): Promise<void> {
    const { reader } = this.#parts
    reader.clear()
    this.#began = performance.now()
    try {
      for (const section of sections) {
        while (!reader.pushRecords(section)) await this.#handOver(count)
      }
    } catch (error) {
      if (error instanceof FramesError) await this.#handOver(count)
      throw error
    }
    await this.#handOver(count)
  }

  async close(): Promise<void> {}

  async #handOver(count: CountRows): Promise<void> {
    const { reader, outputs, onBatch } = this.#parts
    if (reader.columns.rows === 0) return
    count(reader.columns, false)
    onBatch((performance.now() - this.#began) / 1000)
    await outputs.flush()
    reader.clear()
    this.#began = performance.now()
  }
}
