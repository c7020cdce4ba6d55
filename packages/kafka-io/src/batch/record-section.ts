import { Decompressor } from '../codecs/decompress.js'
import type { BatchGatherer, RecordsPosition } from './batch-gatherer.js'
import { type BatchHeader, headerLength } from './batch-header.js'

/** The records of one batch, decompressed but not parsed, for readers that walk them themselves. */
export interface RecordSection {
  /** The records are `bytes[start, end)`, each preceded by its length (kafka.apache.org/documentation/#record). */
  bytes: Uint8Array
  start: number
  end: number
  /** How many records there are, according to their producer. */
  count: number
  /** What their offset deltas are added to. */
  baseOffset: number
  /** No record's offset is greater. */
  lastOffset: number
  /** What their time deltas are added to; ms since the epoch. */
  baseTimestamp: number
  maxTimestamp: number
  /** The broker set the timestamps: all records have maxTimestamp. */
  brokerTime: boolean
  /** Records before this offset were not asked for. */
  fromOffset: number
  /** Records from this offset on were not asked for either; Infinity: no end. */
  toOffset: number
}

/** With `records: 'sections'`: records of one partition, in order, a section for each batch. */
export interface SectionsEvent extends RecordsPosition {
  kind: 'sections'
  /** Valid until you ask for the next event: their bytes are reused. */
  sections: readonly RecordSection[]
}

/** Decompressed batches are gathered up to about this many bytes. */
const targetBytes = 1024 * 1024

/** Gathers batches as sections: those that are not compressed stay in the answer of the broker. */
export class SectionGatherer implements BatchGatherer<SectionsEvent> {
  rows = 0
  readonly #sections: RecordSection[] = []
  readonly #compressed: RecordSection[] = []
  readonly #decompressor: Decompressor

  /** @param limit bytes that a batch may have after decompression */
  constructor(limit: number) {
    this.#decompressor = new Decompressor(limit)
  }

  clear(): void {
    this.rows = this.#sections.length = this.#compressed.length = 0
    this.#decompressor.clear()
  }

  joins(): boolean {
    return this.#decompressor.end < targetBytes
  }

  append(header: BatchHeader, bytes: Uint8Array, fromOffset: number): void {
    const { codec, count, baseOffset, lastOffset, baseTimestamp, maxTimestamp, brokerTime } = header
    if (count === 0) return
    const section = {
      ...{ bytes, start: header.start + headerLength, end: header.end },
      ...{ count, baseOffset, lastOffset, baseTimestamp, maxTimestamp, brokerTime, fromOffset },
      toOffset: Number.POSITIVE_INFINITY,
    }
    if (codec !== 0) {
      section.start = this.#decompressor.decompress(codec, bytes.subarray(section.start, section.end))
      section.end = this.#decompressor.end
      this.#compressed.push(section)
    }
    this.#sections.push(section)
    this.rows += count
  }

  cut(toOffset: number): void {
    for (const section of this.#sections) section.toOffset = toOffset
  }

  event(at: RecordsPosition): SectionsEvent {
    // Only now, because the buffer may have been replaced with every batch.
    for (const section of this.#compressed) section.bytes = this.#decompressor.bytes
    return { kind: 'sections', ...at, sections: this.#sections }
  }
}
