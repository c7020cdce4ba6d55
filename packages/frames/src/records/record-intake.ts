import type { Blocks } from '../blocks/blocks.js'
import type { RowWriter } from '../scanner/row-writer.js'
import type { Scanner } from '../scanner/scanner.js'
import { corruptRecords, type FrameRecords, RecordWalk } from './record-walk.js'
import type { ValueIntake } from './value-intake.js'

/** Records are copied and walked in pieces of this many bytes, which stay in the cache in between. */
const pieceSize = 128 * 1024

/** Batches of records whose values are frames, one after the other and each as far as there is room. */
export class RecordIntake {
  readonly #rows: RowWriter
  readonly #values: ValueIntake
  readonly #walk = new RecordWalk()
  /** The batch that is half taken; null: none is. */
  #records: FrameRecords | null = null
  /** Where the next of its records begins, and how many there are. */
  #next = 0
  #left = 0

  constructor(rows: RowWriter, values: ValueIntake) {
    this.#rows = rows
    this.#values = values
  }

  /** See {@link FrameReader.pushRecords}. */
  push(records: FrameRecords): boolean {
    this.#values.checkDrained('pushRecords')
    if (this.#records !== records) this.#begin(records)
    const { scanner } = this.#rows
    const all = scanner === null ? this.#readAll(records) : this.#walkAll(scanner, records)
    if (all) this.#records = null
    return all
  }

  /** See {@link FrameReader.shareRecords}. */
  share(records: FrameRecords, blocks: Blocks): 'all' | 'full' | 'rest' {
    if (!blocks.isFilling) this.#values.checkDrained('shareRecords')
    if (this.#records !== records) {
      if (!isCountable(records)) return 'rest'
      this.#begin(records)
    }
    while (this.#left > 0) {
      const run = blocks.putRecords(records, this.#next, this.#left)
      if (run === null) return 'full'
      if (run.count === 0) return 'rest'
      this.#next = run.end
      this.#left -= run.count
    }
    this.#records = null
    return 'all'
  }

  #begin(records: FrameRecords): void {
    if (!isCountable(records)) throw corruptRecords(records, 0)
    this.#records = records
    this.#next = records.start
    this.#left = records.count
  }

  /** Copies records in, piece by piece, and walks them there. Returns whether all are taken. */
  #walkAll(scanner: Scanner, records: FrameRecords): boolean {
    const values = this.#values
    const { bytes } = this.#rows.buffer
    let copied = this.#next
    // Blocks may have been scanned since the batch began.
    scanner.setBatch(records)
    while (this.#left > 0) {
      const at = values.end()
      const to = at + copied - this.#next
      const piece = Math.min(records.end - copied, bytes.length - 1 - to, pieceSize)
      if (piece > 0) bytes.set(records.bytes.subarray(copied, copied + piece), to)
      copied += piece
      const walk = this.#rows.addRecords(scanner, at, to + piece, this.#left)
      this.#left -= scanner.taken
      this.#next += scanner.recordsEnd - at
      values.batchBytes += scanner.recordsEnd - at
      if (walk === 'full') return false
      if (walk === 'damaged' || (walk === 'cut' && copied === records.end)) this.#refuse(records)
      if (walk === 'cut' && piece === 0) {
        if (values.batchBytes > 0) return false
        // Larger than all the room there is.
        this.#readOne(records)
        copied = this.#next
      }
    }
    return true
  }

  #readAll(records: FrameRecords): boolean {
    while (this.#left > 0) if (!this.#readOne(records)) return false
    return true
  }

  /** Takes one record by its value. False where the batch is full. */
  #readOne(records: FrameRecords): boolean {
    const { columns, recordTime } = this.#rows
    const walk = this.#walk
    const end = walk.read(records, this.#next)
    if (end < 0) this.#refuse(records)
    const { offset, time, keyStart, keyLength, valueStart: start, valueLength: length } = walk
    if (offset >= records.fromOffset && offset < records.toOffset) {
      const row = columns.rows
      const value = length < 0 ? null : records.bytes.subarray(start, start + length)
      const hasKey = this.#rows.readsFields && keyLength >= 0
      const key = hasKey ? records.bytes.subarray(keyStart, keyStart + keyLength) : null
      if (!this.#values.push(value, offset, key, time)) return false
      if (columns.rows > row) recordTime[row] = time
    }
    this.#next = end
    this.#left--
    return true
  }

  #refuse(records: FrameRecords): never {
    this.#records = null
    throw corruptRecords(records, records.count - this.#left)
  }
}

/** The count is untrusted. */
function isCountable({ start, end, count }: FrameRecords): boolean {
  return count >= 0 && count <= end - start
}
