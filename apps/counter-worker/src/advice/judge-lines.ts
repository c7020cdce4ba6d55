import { type FrameOptions, FrameReader, FrameStatus } from '@card/frames'

/** What became of lines under some options. */
export interface Judged {
  /** ms since the epoch of each line that would count, in their order. */
  readonly times: readonly number[]
  /** Where in `lines` each of these stands. */
  readonly counted: readonly number[]
}

const batch = 1024

/** Reads a few lines as a run with these options would. */
export function judgeLines(lines: readonly Uint8Array[], options: FrameOptions): Judged {
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
    if (reader.pushValue(line, index)) return
    take()
    reader.pushValue(line, index)
  })
  take()
  return { times, counted }
}
