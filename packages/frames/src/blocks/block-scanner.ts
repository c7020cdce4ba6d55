import { checkInteger, checkObject } from '../arguments.js'
import type { GroupTable } from '../frame/group-table.js'
import { FrameParser } from '../frame/parse-frame.js'
import { RecordFieldReader } from '../records/record-field-reader.js'
import { Batch } from '../scanner/batch.js'
import { Scanner } from '../scanner/scanner.js'
import type { ScannerSpace } from '../scanner/scanner-space.js'
import { walkParts } from './record-parts.js'

/**
 * What the threads tell each other of a block, in its batch's sums: where its lines or records are, the source position
 * of `bytes[0]`, and what became of them.
 */
export const BlockSum = {
  from: 0,
  to: 1,
  origin: 2,
  rows: 3,
  blank: 4,
  parsed: 5,
  unknownGroups: 6,
  /** Rows whose group was read by JSON.parse or is their record's own. */
  unknownRows: 7,
  /** Parts of a block of records; 0: it is one of lines. */
  parts: 8,
  /** Of records: the bytes of their values, and where one is damaged, as `PartSums` say it. */
  valueBytes: 9,
  damagedPart: 10,
  damagedRecord: 11,
} as const

/** In place of the id of a group that only the reader's thread can give. */
export const unknownGroup = 0xffffffff

/** Scans blocks of a reader's lines or records on a thread of its own. */
export class BlockScanner {
  readonly #scanner: Scanner
  readonly #blocks: readonly Batch[]
  readonly #readers: readonly RowReader[]
  #unknownRows = 0

  /**
   * @param space of the reader's `blocks`; it can be posted to another thread
   * @param index from 1, another one on each thread; 0 is the reader itself
   * @throws {FramesError} `bad-argument`
   */
  constructor(space: ScannerSpace, index: number) {
    checkObject('BlockScanner', "the space of a reader's blocks", space)
    checkObject('BlockScanner', "the space of a reader's blocks (its layout)", space.layout)
    checkInteger('BlockScanner', 'index', index, 1, space.layout.scanners.length - 1)
    const intern = () => {
      this.#unknownRows++
      return unknownGroup
    }
    this.#scanner = new Scanner(space, index, null)
    this.#blocks = blocksOf(space)
    this.#readers = this.#blocks.map((batch) => rowReader(space, batch, { intern }))
  }

  /**
   * Takes the block's lines or records into its rows, until all are taken or its columns are full.
   *
   * @throws {FramesError} `bad-argument`
   */
  scan(block: number): void {
    checkInteger('scan', 'block', block, 0, this.#blocks.length - 1)
    const batch = this.#blocks[block]!
    this.#unknownRows = 0
    scanBlock(this.#scanner, batch, this.#readers[block]!)
    batch.sums[BlockSum.unknownGroups] = this.#scanner.unknownGroups
    batch.sums[BlockSum.unknownRows] = this.#unknownRows
  }
}

/** What fills in what the scanner leaves of a batch's rows. */
export interface RowReader {
  readonly parser: FrameParser
  /** Null: nothing is the record's own. */
  readonly fields: RecordFieldReader | null
}

export function rowReader(
  { options, fields }: ScannerSpace,
  { columns }: Batch,
  groups: Pick<GroupTable, 'intern'>,
): RowReader {
  return {
    parser: new FrameParser(options, columns, groups),
    fields: fields === null ? null : new RecordFieldReader(fields, options, columns, groups),
  }
}

/** The batches of a space are the reader's own, then one for each block. */
export function blocksOf(space: ScannerSpace): Batch[] {
  return space.layout.batches.slice(1).map((_, i) => new Batch(space, i + 1))
}

/** What is left of the block is from then on what was not taken. */
export function scanBlock(scanner: Scanner, batch: Batch, reader: RowReader): void {
  const { columns, sums } = batch
  columns.rows = 0
  sums[BlockSum.unknownGroups] = 0
  sums[BlockSum.unknownRows] = 0
  if (sums[BlockSum.parts]! > 0) scanRecords(scanner, batch, reader)
  else scanLines(scanner, batch, reader.parser)
  sums[BlockSum.rows] = columns.rows
}

function scanLines(scanner: Scanner, batch: Batch, parser: FrameParser): void {
  const { sums } = batch
  sums[BlockSum.from] = scanner.scan(
    batch,
    sums[BlockSum.from]!,
    sums[BlockSum.to]!,
    sums[BlockSum.origin]!,
    parser,
  )
  sums[BlockSum.blank] = scanner.blank
  sums[BlockSum.parsed] = scanner.parsed
}

function scanRecords(scanner: Scanner, batch: Batch, { parser, fields }: RowReader): void {
  const { sums } = batch
  const walked = walkParts(scanner, batch, sums[BlockSum.parts]!, parser)
  fields?.completeRows(0, batch, scanner.bytes)
  sums[BlockSum.from] = sums[BlockSum.to]!
  sums[BlockSum.blank] = walked.blank
  sums[BlockSum.parsed] = walked.parsed
  sums[BlockSum.valueBytes] = walked.valueBytes
  sums[BlockSum.damagedPart] = walked.damagedPart
  sums[BlockSum.damagedRecord] = walked.damagedRecord
}
