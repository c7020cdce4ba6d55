import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { FrameReader } from '@card/frames'
import { frameOptions } from '../../src/settings/counting-options.js'
import { blocksFor, ScanThreads } from '../../src/threads/scan-threads.js'
import { ThreadedFeed } from '../../src/threads/threaded-feed.js'
import { type Counted, coreOver, countingFor } from '../count-in-process.js'
import { program } from '../program.js'

/** How the work is shared. */
export interface ThreadedRun {
  readonly threads: number
  /** Bytes that arrive at a time. */
  readonly chunkSize: number
  /** Bytes of a block at least. */
  readonly leastBlock: number
}

/** What the threads run, made from the sources as they are. */
async function threadProgram(): Promise<URL> {
  return pathToFileURL(join(dirname(await program()), 'scan-thread.js'))
}

/** Does what `countInProcess` does with real threads, on several inputs one after the other. */
export async function countOnThreads(
  words: readonly string[],
  inputs: readonly Uint8Array[],
  { threads, chunkSize, leastBlock }: ThreadedRun,
): Promise<Counted> {
  const counting = countingFor(words)
  const reader = new FrameReader(frameOptions(counting.values), { threads, blocks: blocksFor(threads) })
  const { rows, finish } = coreOver(reader, counting)
  const feed = new ThreadedFeed(
    { reader, rows, outputs: { flush: async () => {} }, onBatch() {}, onProgress() {} },
    new ScanThreads(reader.blocks!, threads, await threadProgram()),
    leastBlock,
  )
  for (const input of inputs) {
    for (let from = 0; from < input.length; from += chunkSize) {
      await feed.write(input.subarray(from, from + chunkSize))
      await feed.settle()
    }
    await feed.endOfSource()
  }
  await feed.close()
  return finish()
}
