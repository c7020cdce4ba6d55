import type { BatchHeader } from './batch-header.js'
import { headerLength } from './batch-header.js'

export interface AbortedTransaction {
  producerId: bigint
  firstOffset: number
}

/**
 * Tells which batches of a response a reader of committed records skips, given the aborted transactions that the
 * broker lists with them (KIP-98; in the order of the batches).
 *
 * kafkajs does the same per record and gets interleaved producers wrong, so it is not used for this.
 */
export class AbortedFilter {
  readonly #waiting: AbortedTransaction[]
  readonly #open = new Set<bigint>()

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#waiting = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset)
  }

  /**
   * Call it for every batch in order, including control batches, which have no records for readers.
   *
   * @param bytes the buffer `header` was read from
   */
  skips(header: BatchHeader, bytes: Uint8Array): boolean {
    for (
      let next = this.#waiting[0];
      next && next.firstOffset <= header.lastOffset;
      next = this.#waiting[0]
    ) {
      this.#open.add(next.producerId)
      this.#waiting.shift()
    }
    if (header.control) {
      if (markerType(header, bytes) === abortMarker) this.#open.delete(header.producerId)
      return true
    }
    return header.transactional && this.#open.has(header.producerId)
  }
}

const abortMarker = 0
const commitMarker = 1

/** Whether a control batch is the marker that commits its producer's transaction. */
export function isCommitMarker(header: BatchHeader, bytes: Uint8Array): boolean {
  return markerType(header, bytes) === commitMarker
}

// A control batch holds one record, whose key is a version i16 and a type i16; null where compaction has taken it.
function markerType(header: BatchHeader, bytes: Uint8Array): number | null {
  if (header.count === 0) return null
  // Length, attributes, time and offset deltas and the key's length: five varints, the second one byte.
  let at = header.start + headerLength
  for (let field = 0; field < 5; field++) while (bytes[at++]! >= 128);
  return (bytes[at + 2]! << 8) | bytes[at + 3]!
}
