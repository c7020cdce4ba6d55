import { BlockScanner, type FrameOptions, FrameReader } from '../src/index.js'
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
  const reader = new FrameReader(options, run)
  const blocks = reader.blocks!
  const scanners = Array.from({ length: run.threads - 1 }, (_, i) => {
    // As if posted: the memory is one, everything else a copy.
    const { memory, module, ...rest } = blocks.space
    return new BlockScanner({ memory, module, ...structuredClone(rest) }, i + 1)
  })
  const rows: Model['rows'] = []
  const scanned = new Set<number>()
  let turn = 0
  let cut = 0
  const scan = (block: number) => {
    const thread = turn++ % run.threads
    if (thread === 0) blocks.scan(block)
    else scanners[thread - 1]!.scan(block)
    scanned.add(block)
  }
  const takeOldest = () => {
    const block = blocks.oldest
    if (!scanned.has(block)) scan(block)
    scanned.delete(block)
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
          if (run.eager[cut % run.eager.length]) scan(block)
        } else if (reader.unread >= run.least) takeOwn()
      }
    }
    takeAll()
    reader.endOfSource()
    takeOwn()
  }
  return { rows, lines: reader.lines, blank: reader.blank, blocks: cut }
}
