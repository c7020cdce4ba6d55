import { type FrameOptions, FrameReader, type FrameRecords, FramesError } from '../src/index.js'
import { BlockTurns } from './block-turns.js'
import type { ModelRow } from './model.js'
import { takeRows } from './read-all.js'
import type { BlockRun } from './read-in-blocks.js'

/** What became of batches of records, up to the first that is damaged. */
export interface RecordOutcome {
  readonly rows: readonly ModelRow[]
  readonly times: readonly number[]
  readonly lines: number
  readonly blank: number
  readonly bytes: number
  readonly error: string | null
}

/** The definition: on one thread. */
export function recordsInOne(batches: readonly FrameRecords[], options: FrameOptions): RecordOutcome {
  const reader = new FrameReader(options)
  const rows: ModelRow[] = []
  const times: number[] = []
  const take = () => takeOwn(reader, rows, times)
  const error = errorOf(() => {
    for (const batch of batches) while (!reader.pushRecords(batch)) take()
  })
  take()
  return { ...sumsOf(reader), rows, times, error }
}

/** The same in blocks, each walked by one of several scanners, as threads of an app would. */
export function recordsInBlocks(
  batches: readonly FrameRecords[],
  options: FrameOptions,
  run: Omit<BlockRun, 'least'>,
): RecordOutcome & { blocks: number } {
  const reader = new FrameReader(options, { threads: run.threads, blocks: run.blocks })
  const blocks = reader.blocks!
  const turns = new BlockTurns(blocks, run.threads)
  const rows: ModelRow[] = []
  const times: number[] = []
  let cut = 0
  const takeOldest = () => {
    turns.finishOldest()
    for (let columns = blocks.take(); columns !== null; columns = blocks.take()) {
      takeRows({ columns, groups: reader.groups, bytes: reader.bytes }, rows)
      times.push(...blocks.recordTime.subarray(0, columns.rows))
    }
  }
  const offer = () => {
    const block = blocks.cutRecords()
    if (block >= 0 && run.eager[cut++ % run.eager.length]) turns.scan(block)
    return block >= 0
  }
  const takeAll = () => {
    offer()
    while (blocks.waiting > 0) takeOldest()
  }
  const share = (batch: FrameRecords) => {
    for (;;) {
      const shared = reader.shareRecords(batch)
      if (shared === 'all') return
      if (shared === 'full') {
        if (!offer()) takeOldest()
        continue
      }
      takeAll()
      try {
        while (!reader.pushRecords(batch)) takeOwn(reader, rows, times)
      } finally {
        takeOwn(reader, rows, times)
      }
      return
    }
  }
  const error = errorOf(() => {
    for (const [i, batch] of batches.entries()) {
      share(batch)
      if (run.eager[i % run.eager.length]) offer()
    }
    takeAll()
  })
  return { ...sumsOf(reader), rows, times, error, blocks: cut }
}

function takeOwn(reader: FrameReader, rows: ModelRow[], times: number[]): void {
  takeRows(reader, rows)
  times.push(...reader.recordTime.subarray(0, reader.columns.rows))
  reader.clear()
}

function errorOf(act: () => void): string | null {
  try {
    act()
    return null
  } catch (error) {
    if (!(error instanceof FramesError)) throw error
    return error.message
  }
}

function sumsOf({ lines, blank, totalBytes }: FrameReader) {
  return { lines, blank, bytes: totalBytes }
}
