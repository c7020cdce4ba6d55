// A scanning thread: scans blocks of lines or records in shared memory until it is ended.
import { workerData } from 'node:worker_threads'
import { BlockScanner, type ScannerSpace } from '@card/frames'
import { BlockTickets } from './block-tickets.js'

/** What a thread begins with. */
export interface ScanThreadData {
  readonly space: ScannerSpace
  readonly cells: Int32Array
  /** From 1 on; the main thread is 0. */
  readonly index: number
}

const { space, cells, index } = workerData as ScanThreadData
const scanner = new BlockScanner(space, index)
const tickets = new BlockTickets(cells)
for (;;) {
  const block = tickets.claimNext()
  scanner.scan(block)
  tickets.finish(block)
}
