import { type FrameOptions, FrameReader } from '@card/frames'

/** Bytes that the worker reads from a file at a time. */
export const readSize = 256 * 1024

export const frameOptions: FrameOptions = {
  key: 'uid',
  time: 'ts',
  timeUnit: 'auto',
  groupBy: null,
  maxLine: 1 << 20,
}

/** Columns of one batch, kept. */
export interface Batch {
  readonly rows: number
  readonly time: Float64Array
  readonly hash: Uint32Array
}

/** Goes through a file's bytes as the worker does, calling `each` when the columns are filled anew. */
export function readFrames(bytes: Uint8Array, reader: FrameReader, each: () => void): void {
  for (let from = 0; from < bytes.length; ) {
    const space = reader.reserve(readSize)
    const part = bytes.subarray(from, from + Math.min(space.length, readSize))
    space.set(part)
    reader.commit(part.length)
    from += part.length
    while (reader.next()) each()
  }
  reader.endOfSource()
  while (reader.next()) each()
}

/** The batches of columns that a file gives, cut as the worker cuts them. */
export function batchesOf(bytes: Uint8Array): Batch[] {
  const reader = new FrameReader(frameOptions)
  const batches: Batch[] = []
  readFrames(bytes, reader, () => {
    const { rows, time, hash } = reader.columns
    batches.push({ rows, time: time.slice(0, rows), hash: hash.slice(0, 4 * rows) })
  })
  if (reader.fallbacks > 0) throw new Error(`${reader.fallbacks} frames took the JSON.parse path`)
  return batches
}
