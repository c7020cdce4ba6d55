import type { FrameBatch } from './frame-batch.js'

/** A line that is counted nowhere, or whose fate is open. */
export interface RefusedLine {
  /** The file, `-` for stdin, or `topic/partition`. */
  readonly source: string
  /** Position of its first byte in the (decompressed) source, or the record's offset. */
  readonly offset: number
  /** Its bytes without the line end; of a too-long line the part that was kept. */
  readonly line: Uint8Array
}

/** The line of a row, in the batch's own bytes. */
export function lineAt({ columns, bytes, source }: FrameBatch, row: number): RefusedLine {
  const start = columns.start[row]!
  return { source, offset: columns.offset[row]!, line: bytes.subarray(start, start + columns.length[row]!) }
}

/** The same with bytes of its own: those of the batch are the next one's before the step is written. */
export function copyOf({ source, offset, line }: RefusedLine): RefusedLine {
  return { source, offset, line: line.slice() }
}
