import { type FrameOptions, integerUpTo, refuseWrong } from '../frame/options.js'
import { lineBufferSize } from '../lines/line-buffer.js'
import { createSpace, type NoScanner, type ScannerSpace } from '../scanner/scanner-space.js'
import { blockRoom } from './blocks.js'

/** How lines and records are shared out. */
export interface BlockSharing {
  /** Threads that scan, the reader's own among them. */
  readonly threads: number
  /** Blocks that wait to be scanned or taken at most. */
  readonly blocks: number
}

const checks = {
  threads: integerUpTo(1024),
  blocks: integerUpTo(1024),
}

/** A space for several threads where there can be one, otherwise for this thread alone. */
export function spaceFor(
  options: FrameOptions,
  rows: number,
  sharing: BlockSharing | null,
): ScannerSpace | NoScanner {
  const room = lineBufferSize(options.maxLine)
  if (sharing !== null) {
    const { threads, blocks } = sharing
    const counts = { scanners: threads, batches: 1 + blocks }
    const shared = createSpace(options, rows, room + blocks * blockRoom, counts)
    if (typeof shared !== 'string') return shared
  }
  return createSpace(options, rows, room, null)
}

/** @throws {FramesError} `bad-option` */
export function checkSharing(sharing: BlockSharing): void {
  refuseWrong('FrameReader (sharing)', sharing, checks)
}
