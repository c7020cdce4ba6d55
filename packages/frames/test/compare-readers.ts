import { type FrameOptions, FrameReader } from '../src/index.js'

/** What was compared: rows by status, and how many of them the scanner judged itself. */
export interface Comparison {
  rows: number[]
  scanned: number
}

/**
 * Reads the source with the scanner and with JSON.parse alone, in the same chunks, and throws at the first row or
 * sum in which they differ.
 */
export function compareReaders(
  source: Uint8Array,
  options: FrameOptions,
  chunkSizes: readonly number[],
  seen: Comparison,
): void {
  const scanner = new FrameReader(options)
  const parser = new FrameReader({ ...options, simd: false })
  if (parser.scanning) throw new Error('simd: false must keep the scanner out')
  let from = 0
  for (let k = 0; from < source.length; k++) {
    const chunk = source.subarray(from, from + chunkSizes[k % chunkSizes.length]!)
    const taken = scanner.write(chunk)
    if (taken !== parser.write(chunk)) throw new Error('The readers took different amounts')
    from += taken
    compareRows(scanner, parser, seen)
  }
  scanner.endOfSource()
  parser.endOfSource()
  compareRows(scanner, parser, seen)
  const sums = ({ lines, blank, totalBytes, groups }: FrameReader) =>
    `${lines} ${blank} ${totalBytes} ${groups.size}`
  if (sums(scanner) !== sums(parser)) {
    throw new Error(`Sums differ: scanner ${sums(scanner)}, JSON.parse ${sums(parser)}`)
  }
  if (scanner.scanning) seen.scanned += scanner.lines - scanner.blank - scanner.fallbacks
}

function compareRows(scanner: FrameReader, parser: FrameReader, seen: Comparison): void {
  for (;;) {
    const more = scanner.next()
    if (parser.next() !== more) throw new Error('One reader has rows, the other none')
    if (!more) return
    const rows = scanner.columns.rows
    if (rows !== parser.columns.rows) throw new Error('The batches differ in rows')
    for (let row = 0; row < rows; row++) {
      if (!sameRow(scanner, parser, row)) {
        throw new Error(`Rows differ: scanner ${rowText(scanner, row)}, JSON.parse ${rowText(parser, row)}`)
      }
      const status = parser.columns.status[row]!
      seen.rows[status] = (seen.rows[status] ?? 0) + 1
    }
  }
}

function sameRow(one: FrameReader, other: FrameReader, row: number): boolean {
  const a = one.columns
  const b = other.columns
  const groups = [a.group[row]!, b.group[row]!]
  return (
    a.status[row] === b.status[row] &&
    Object.is(a.time[row], b.time[row]) &&
    [0, 1, 2, 3].every((i) => a.hash[4 * row + i] === b.hash[4 * row + i]) &&
    (groups[0] === 0) === (groups[1] === 0) &&
    (groups[0] === 0 || Buffer.compare(one.groups.bytes(groups[0]!), other.groups.bytes(groups[1]!)) === 0) &&
    a.offset[row] === b.offset[row] &&
    Buffer.compare(lineOf(one, row), lineOf(other, row)) === 0
  )
}

function lineOf({ columns, bytes }: FrameReader, row: number): Uint8Array {
  return bytes.subarray(columns.start[row]!, columns.start[row]! + columns.length[row]!)
}

function rowText(reader: FrameReader, row: number): string {
  const { groups } = reader
  const { time, hash, group, status, offset } = reader.columns
  const words = hash.subarray(4 * row, 4 * row + 4).join()
  const name = group[row] === 0 ? 'none' : Buffer.from(groups.bytes(group[row]!)).toString('latin1')
  return `${status[row]} ${time[row]} ${words} ${name} ${offset[row]} ${Buffer.from(lineOf(reader, row)).toString('latin1')}`
}
