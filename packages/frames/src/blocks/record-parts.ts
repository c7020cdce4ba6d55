import type { FrameParser } from '../frame/parse-frame.js'
import type { FrameRecords } from '../records/record-walk.js'
import type { Batch } from '../scanner/batch.js'
import type { Scanner } from '../scanner/scanner.js'
import { partFields, recordParts } from '../scanner/scanner-layout.js'

/** Where the records of a part are, and what their batch says of them. */
const Part = {
  from: 0,
  to: 1,
  count: 2,
  baseOffset: 3,
  lastOffset: 4,
  time: 5,
  sameTime: 6,
  fromOffset: 7,
  toOffset: 8,
} as const

/** What became of the records of a block. */
export interface PartSums {
  blank: number
  parsed: number
  valueBytes: number
  /** The part in which a record is damaged, and the index of the record there; -1: none. */
  damagedPart: number
  damagedRecord: number
}

/** Writes down a part of a block for whichever thread scans it: `count` records in `bytes[from, to)` of its scanner. */
export function writePart(
  { parts }: Batch,
  index: number,
  records: FrameRecords,
  place: { from: number; to: number; count: number },
): void {
  if (index >= recordParts) throw new RangeError(`part: expected less than ${recordParts}, found ${index}`)
  const at = index * partFields
  parts[at + Part.from] = place.from
  parts[at + Part.to] = place.to
  parts[at + Part.count] = place.count
  parts[at + Part.baseOffset] = records.baseOffset
  parts[at + Part.lastOffset] = records.lastOffset
  parts[at + Part.time] = records.brokerTime ? records.maxTimestamp : records.baseTimestamp
  parts[at + Part.sameTime] = records.brokerTime ? 1 : 0
  parts[at + Part.fromOffset] = records.fromOffset
  parts[at + Part.toOffset] = records.toOffset
}

/** Takes the records of `count` parts into the batch's rows, of which there are enough, up to the first damaged one. */
export function walkParts(scanner: Scanner, batch: Batch, count: number, parser: FrameParser): PartSums {
  const { parts } = batch
  const sums = { blank: 0, parsed: 0, valueBytes: 0, damagedPart: -1, damagedRecord: 0 }
  for (let part = 0; part < count; part++) {
    const at = part * partFields
    const time = parts[at + Part.time]!
    scanner.setBatch({
      baseOffset: parts[at + Part.baseOffset]!,
      lastOffset: parts[at + Part.lastOffset]!,
      baseTimestamp: time,
      maxTimestamp: time,
      brokerTime: parts[at + Part.sameTime] === 1,
      fromOffset: parts[at + Part.fromOffset]!,
      toOffset: parts[at + Part.toOffset]!,
    })
    const [from, to, records] = [parts[at + Part.from]!, parts[at + Part.to]!, parts[at + Part.count]!]
    const end = scanner.walkRecords(batch, from, to, records, parser)
    sums.blank += scanner.blank
    sums.parsed += scanner.parsed
    sums.valueBytes += scanner.valueBytes
    if (end === 'done') continue
    // Records are cut nowhere but at their ends: what ends within one is damaged.
    sums.damagedPart = part
    sums.damagedRecord = scanner.taken
    break
  }
  return sums
}
