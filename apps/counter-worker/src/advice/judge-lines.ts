import { type FrameOptions, FrameReader, FrameStatus, type RecordParts } from '@card/frames'

/** What became of lines under some options. */
export interface Judged {
  /** ms since the epoch of each line that would count, in their order. */
  readonly times: readonly number[]
  /** Where in `lines` each of these stands. */
  readonly counted: readonly number[]
}

const batch = 1024

/** A record of which only the value is known has some key and some plausible time. */
const someRecord: RecordParts = { key: Uint8Array.of(0x6b), timestamp: Date.UTC(2020) }

/**
 * Reads a few lines as a run with these options would.
 *
 * @param records of these values, where they are known
 */
export function judgeLines(
  lines: readonly Uint8Array[],
  options: FrameOptions,
  records: readonly RecordParts[] = [],
): Judged {
  const reader = new FrameReader({ ...options, rows: batch, simd: false })
  const times: number[] = []
  const counted: number[] = []
  const take = () => {
    const { rows, status, time, offset } = reader.columns
    for (let row = 0; row < rows; row++) {
      if (status[row] !== FrameStatus.counted) continue
      times.push(time[row]!)
      counted.push(offset[row]!)
    }
    reader.clear()
  }
  lines.forEach((line, index) => {
    const record = records[index] ?? someRecord
    if (reader.pushValue(line, index, record)) return
    take()
    reader.pushValue(line, index, record)
  })
  take()
  return { times, counted }
}
