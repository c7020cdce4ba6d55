/**
 * Frames as columns, one row a line, the arrays reused from batch to batch: only rows `[0, rows)` mean anything,
 * until the reader's next call of `next()`. In a row that was not counted the time is NaN, the hash and group 0.
 */
export interface FrameColumns {
  /** The number of rows filled. */
  rows: number
  /** Event time in integer ms since the Unix epoch. */
  readonly time: Float64Array
  /** Four words a row, `hash[4 * row + i]`: MurmurHash3 x64_128, seed 9001: h1 low, h1 high, h2 low, h2 high. */
  readonly hash: Uint32Array
  /** Ids of the reader's group table, 0 for no group. */
  readonly group: Uint32Array
  /** A `FrameStatus`: 0 for counted, else the reason. */
  readonly status: Uint8Array
  /** Position of the line's first byte in its source (or what `pushValue` was given). */
  readonly offset: Float64Array
  /** Where the line begins in the reader's `bytes`. */
  readonly start: Uint32Array
  /** The line's bytes there, without its LF and CR; of a line that is too long the kept prefix. */
  readonly length: Uint32Array
}

/** The bytes that columns with this many rows take. */
export function columnsSize(rows: number): number {
  return 8 * (2 * rows) + 4 * (7 * rows) + rows
}

/** @param at a multiple of 8: where in the buffer the columns begin */
export function createColumns(
  rows: number,
  buffer: ArrayBufferLike = new ArrayBuffer(columnsSize(rows)),
  at = 0,
): FrameColumns {
  // The widest first, so that each is aligned.
  const words = at + 16 * rows
  return {
    rows: 0,
    time: new Float64Array(buffer, at, rows),
    offset: new Float64Array(buffer, at + 8 * rows, rows),
    hash: new Uint32Array(buffer, words, 4 * rows),
    group: new Uint32Array(buffer, words + 16 * rows, rows),
    start: new Uint32Array(buffer, words + 20 * rows, rows),
    length: new Uint32Array(buffer, words + 24 * rows, rows),
    status: new Uint8Array(buffer, words + 28 * rows, rows),
  }
}
