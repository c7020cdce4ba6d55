import { type CountingOptions, counterAggregate, overflowGroup, type WindowState } from '@card/counting'
import { type FrameOptions, FrameReader, FrameStatus } from '@card/frames'
import { WindowEngine } from '@card/windowing'
import type { SampledLine } from './sample.js'

/** What a run makes of sampled lines. */
export interface Replay {
  /** Lines that count. */
  readonly counted: number
  /** Lines that are read, and late in their own partition or given up by its far-future guard. */
  readonly late: number
  /** Those of them and of the counted ones that are far ahead of the frames after them. */
  readonly ahead: number
  /** Times in ms of the lines that are read, for each partition in its own order. */
  readonly partitions: readonly (readonly TimedFrame[])[]
}

/** A frame of a partition; times in ms. */
export interface TimedFrame {
  readonly time: number
  /** The trusted time of its partition when it came: that which the watermark follows; -Infinity: not known yet. */
  readonly trusted: number
}

const batch = 1024

/** Counts events, not users: only what becomes of frames is asked for. */
const aggregate = counterAggregate({ estimator: 'events' })

/** Runs sampled lines through the reader and the windows, as a run with these settings would. */
export function replay(
  lines: readonly SampledLine[],
  frames: FrameOptions,
  counting: CountingOptions,
): Replay {
  const reader = new FrameReader({ ...frames, rows: batch, simd: false })
  const numbers = [...new Set(lines.map(({ partition }) => partition))]
  const engine = new WindowEngine<WindowState>({
    sizes: counting.windows,
    rolling: counting.rolling,
    zone: counting.timezone,
    aggregate,
    partitions: numbers,
    outOfOrderness: counting.outOfOrder,
    allowedLateness: counting.lateness,
    maxAhead: counting.maxAhead,
    maxGroups: counting.maxGroups,
    overflowGroup: counting.groupOverflow === 'reject' ? 'reject' : reader.groups.id(overflowGroup),
  })
  const partitions = numbers.map((number) => {
    const found: TimedFrame[] = []
    const take = () => {
      const { columns } = reader
      for (let row = 0; row < columns.rows; row++) {
        if (columns.status[row] === FrameStatus.counted) {
          const trusted = engine.partitionWatermark(number) + counting.outOfOrder + 1
          found.push({ time: columns.time[row]!, trusted })
        }
        // One by one, so that the trusted time before each is known.
        for (let from = row; from <= row; ) {
          from = engine.push(number, columns, from, row + 1)
          engine.takePanes()
        }
      }
      reader.clear()
    }
    for (const [index, { partition, bytes, record }] of lines.entries()) {
      if (partition !== number) continue
      const parts = record ?? undefined
      if (reader.pushValue(bytes, index, parts)) continue
      take()
      reader.pushValue(bytes, index, parts)
    }
    take()
    return found
  })
  engine.flush()
  engine.takePanes()
  const { counted, late, closed, ahead } = engine.counters
  const contradicted = numbers.map((number) => engine.guardFigures(number).contradicted)
  return {
    counted,
    late: late + closed + ahead,
    ahead: contradicted.reduce((sum, frames) => sum + frames, 0),
    partitions,
  }
}
