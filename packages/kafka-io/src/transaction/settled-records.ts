import { isCommitMarker } from '../batch/aborted-filter.js'
import { type BatchHeader, readBatchHeader, verifyChecksum } from '../batch/batch-header.js'
import { recordKey, recordValue } from '../batch/columns.js'
import { RecordReader } from '../batch/record-reader.js'

/** A record whose transaction has been committed, or that is in none. */
export interface SettledRecord {
  readonly offset: number
  readonly key: Uint8Array
  /** Null: a tombstone. */
  readonly value: Uint8Array | null
}

/** A record batch may grow to this when decompressed, bytes. */
const decompressionLimit = 64 * 1024 * 1024

/**
 * Sorts out of a partition's batches the records of some keys that are committed, going by the control markers in the
 * log itself. A read_committed reader stops at the first transaction that is open, whoever has it open; this one does
 * not, for a transaction of one owner says nothing about the records of another.
 */
export class SettledRecords {
  readonly #wants: (key: Uint8Array) => boolean
  readonly #take: (record: SettledRecord) => void
  readonly #reader = new RecordReader(decompressionLimit)
  /** Records of transactions that no marker has ended yet, by their producer. */
  readonly #open = new Map<bigint, SettledRecord[]>()

  /**
   * @param wants whether a key is looked for; it gets a view, valid during the call
   * @param take gets each settled record, with bytes of its own, as its transaction is found committed
   */
  constructor(wants: (key: Uint8Array) => boolean, take: (record: SettledRecord) => void) {
    this.#wants = wants
    this.#take = take
  }

  /**
   * Takes the batches in `bytes[from, to)`, the next ones of the log.
   *
   * @param fromOffset records below it were taken before
   * @param toOffset stops before the batch that begins here or later
   * @returns the offset to go on from
   * @throws KafkaIoError corrupt-batch, batch-too-large, codec-missing
   */
  add(
    bytes: Uint8Array,
    view: DataView,
    from: number,
    to: number,
    fromOffset: number,
    toOffset: number,
  ): number {
    let position = fromOffset
    let at = from
    for (;;) {
      const header = readBatchHeader(view, at, to)
      if (header === null) return position
      // Compaction has taken what was left up to there.
      if (header.baseOffset >= toOffset) return toOffset
      if (header.lastOffset >= position) {
        verifyChecksum(header, bytes, view)
        if (header.control) this.#settle(header, bytes)
        else this.#addRecords(header, bytes, position)
        position = header.lastOffset + 1
      }
      at = header.end
    }
  }

  #addRecords(header: BatchHeader, bytes: Uint8Array, fromOffset: number): void {
    const reader = this.#reader
    reader.clear()
    reader.append(header, bytes, fromOffset)
    const { columns } = reader
    for (let row = 0; row < columns.rows; row++) {
      const key = recordKey(columns, row)
      if (key === null || !this.#wants(key)) continue
      const value = recordValue(columns, row)
      const record = {
        offset: columns.offset[row]!,
        key: key.slice(),
        value: value === null ? null : value.slice(),
      }
      if (!header.transactional) this.#take(record)
      else if (this.#open.has(header.producerId)) this.#open.get(header.producerId)!.push(record)
      else this.#open.set(header.producerId, [record])
    }
  }

  #settle(header: BatchHeader, bytes: Uint8Array): void {
    const records = this.#open.get(header.producerId)
    if (records === undefined) return
    this.#open.delete(header.producerId)
    if (isCommitMarker(header, bytes)) for (const record of records) this.#take(record)
  }
}
