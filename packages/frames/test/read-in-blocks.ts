import { type FrameOptions, FrameReader } from '../src/index.js'
import { BlockTurns } from './block-turns.js'
import type { Model } from './model.js'
import { drain, takeRows } from './read-all.js'

/** How a run over blocks goes: everything that threads would leave to chance. */
export interface BlockRun {
  readonly threads: number
  readonly blocks: number
  /** Bytes that a block has at least. */
  readonly least: number
  /** Whether a thread scans a block as soon as it is cut; otherwise at the last moment. By turns. */
  readonly eager: readonly boolean[]
}

/** Reads sources in blocks, each scanned by one of several scanners, as threads of an app would. */
export function readInBlocks(
  sources: readonly Iterable<Uint8Array>[],
  options: FrameOptions,
  run: BlockRun,
): Model & { blocks: number } {
  const reader = new FrameReader(options, { threads: run.threads, blocks: run.blocks })
  const blocks = reader.blocks!
  const turns = new BlockTurns(blocks, run.threads)
  const rows: Model['rows'] = []
  let cut = 0
  const takeOldest = () => {
    turns.finishOldest()
    for (let columns = blocks.take(); columns !== null; columns = blocks.take()) {
      takeRows({ columns, groups: reader.groups, bytes: reader.bytes }, rows)
    }
  }
  const takeAll = () => {
    while (blocks.waiting > 0) takeOldest()
  }
  const takeOwn = () => {
    if (!reader.next()) return
    takeAll()
    takeRows(reader, rows)
    drain(reader, rows)
  }
  for (const chunks of sources) {
    for (const chunk of chunks) {
      for (let rest = chunk; rest.length > 0; ) {
        while (blocks.isFull(1)) takeOldest()
        rest = rest.subarray(reader.write(rest))
        const block = blocks.cut(run.least)
        if (block >= 0) {
          cut++
          if (run.eager[cut % run.eager.length]) turns.scan(block)
        } else if (reader.unread >= run.least) takeOwn()
      }
    }
    takeAll()
    reader.endOfSource()
    takeOwn()
  }
  return { rows, lines: reader.lines, blank: reader.blank, blocks: cut }
}
