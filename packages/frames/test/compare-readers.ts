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
      const found = rowText(scanner, row)
      const expected = rowText(parser, row)
      if (found !== expected) throw new Error(`Rows differ: scanner ${found}, JSON.parse ${expected}`)
      const status = parser.columns.status[row]!
      seen.rows[status] = (seen.rows[status] ?? 0) + 1
    }
  }
}

function rowText({ columns, groups, bytes }: FrameReader, row: number): string {
  const { time, hash, group, status, offset, start, length } = columns
  const line = bytes.subarray(start[row]!, start[row]! + length[row]!)
  const words = hash.subarray(4 * row, 4 * row + 4).join()
  const name = group[row] === 0 ? 'none' : Buffer.from(groups.bytes(group[row]!)).toString('latin1')
  return `${status[row]} ${time[row]} ${words} ${name} ${offset[row]} ${Buffer.from(line).toString('latin1')}`
}
