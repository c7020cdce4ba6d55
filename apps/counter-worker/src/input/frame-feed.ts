import type { FrameColumns, FrameReader } from '@card/frames'
import type { Outputs } from '../output/outputs.js'
import type { ByteSink } from './byte-source.js'

/** Takes the bytes of one input after the other to the counting core. */
export interface FrameFeed extends ByteSink {
  /** What refused lines name as theirs, from the next byte on. */
  source: string
  /** The input has ended; all its rows are counted. */
  endOfSource(): Promise<void>
  /** Reading has ended, be it early: what came so far is counted. */
  close(): Promise<void>
}

/** Takes rows that were lines. */
export interface RowSink {
  /**
   * Counts rows, at once.
   *
   * @param source what refused lines name as theirs
   * @param areGroupIdsInUse rows to come hold group ids that were looked up already
   */
  take(source: string, columns: FrameColumns, areGroupIdsInUse: boolean): void
  /** Group ids are freed as soon as no rows to come hold any. */
  readonly isSweepDue: boolean
}

/** What a feed works with. */
export interface FeedParts {
  readonly reader: FrameReader
  readonly rows: RowSink
  readonly outputs: Pick<Outputs, 'flush'>
  /** Called after each batch with the seconds it took. */
  readonly onBatch: (seconds: number) => void
  /** Called after each chunk. */
  readonly onProgress: () => void
}

/** Everything on this thread, a chunk at a time. */
export class PlainFeed implements FrameFeed {
  source = ''
  readonly #parts: FeedParts

  constructor(parts: FeedParts) {
    this.#parts = parts
  }

  reserve(size: number): Uint8Array {
    return this.#parts.reader.reserve(size)
  }

  commit(length: number): void {
    this.#parts.reader.commit(length)
    this.#drain()
  }

  write(chunk: Uint8Array): void {
    for (let taken = 0; taken < chunk.length; ) {
      taken += this.#parts.reader.write(chunk.subarray(taken))
      this.#drain()
    }
  }

  settle(): Promise<void> | undefined {
    return this.#parts.outputs.flush()
  }

  async endOfSource(): Promise<void> {
    this.#parts.reader.endOfSource()
    this.#drain()
  }

  async close(): Promise<void> {}

  #drain(): void {
    const { reader, rows, onBatch, onProgress } = this.#parts
    for (let began = performance.now(); reader.next(); began = performance.now()) {
      rows.take(this.source, reader.columns, false)
      onBatch((performance.now() - began) / 1000)
    }
    onProgress()
  }
}
