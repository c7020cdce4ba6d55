import { type FrameOptions, FrameReader, rejectionReasons } from '../src/index.js'
import { hex, type Model } from './model.js'

/** Bytes of a text, for tests. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export const plainOptions: FrameOptions = {
  key: 'uid',
  time: 'ts',
  timeUnit: 'auto',
  groupBy: null,
  maxLine: 1 << 20,
}

/** Reads one source in the given chunks, alternating between the copying and the reserving way. */
export function readChunks(reader: FrameReader, chunks: Iterable<Uint8Array>): Model['rows'] {
  const rows: Model['rows'] = []
  let reserving = false
  for (const chunk of chunks) {
    let rest = chunk
    while (rest.length > 0) {
      reserving = !reserving
      let taken: number
      if (reserving) {
        const space = reader.reserve(rest.length)
        taken = Math.min(space.length, rest.length)
        space.set(rest.subarray(0, taken))
        reader.commit(taken)
      } else taken = reader.write(rest)
      rest = rest.subarray(taken)
      drain(reader, rows)
    }
  }
  reader.endOfSource()
  drain(reader, rows)
  return rows
}

export function readAll(
  source: Uint8Array,
  options: FrameOptions,
  chunks: Iterable<Uint8Array> = [source],
): Model {
  const reader = new FrameReader(options)
  const rows = readChunks(reader, chunks)
  return { rows, lines: reader.lines, blank: reader.blank }
}

/** Cuts a source into chunks of the sizes given, over and over. */
export function* cut(source: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  for (let from = 0, k = 0; from < source.length; k++) {
    const size = sizes[k % sizes.length]!
    yield source.subarray(from, from + size)
    from += size
  }
}

export function drain(reader: FrameReader, rows: Model['rows']): void {
  while (reader.next()) takeRows(reader, rows)
}

export function takeRows(
  reader: Pick<FrameReader, 'columns' | 'groups' | 'bytes'>,
  rows: Model['rows'],
): void {
  const { columns, groups } = reader
  for (let row = 0; row < columns.rows; row++) {
    const start = columns.start[row]!
    rows.push({
      status: rejectionReasons[columns.status[row]!]!,
      time: columns.time[row]!,
      hash: hashText(columns.hash, row),
      group: columns.group[row] === 0 ? null : hex(groups.bytes(columns.group[row]!)),
      offset: columns.offset[row]!,
      line: hex(reader.bytes.subarray(start, start + columns.length[row]!)),
    })
  }
}

/** h1 then h2 as the reference prints them: each as a big-endian 64-bit number. */
export function hashText(hash: Uint32Array, row: number): string {
  return [1, 0, 3, 2].map((i) => hash[4 * row + i]!.toString(16).padStart(8, '0')).join('')
}
