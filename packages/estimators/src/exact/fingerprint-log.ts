import { objectOverhead } from '../distinct-counter.js'

/** Fingerprints in a block: 16 KiB, so that no insertion moves or clears more. */
const blockRows = 1024
const leastRows = 16

/**
 * Fingerprints in order of insertion. The position of a fingerprint is the number that were there before it; those
 * before a position can be released, in whole blocks.
 */
export class FingerprintLog {
  /** Rows of four words each; all blocks but the last are full. */
  private blocks: Int32Array[] = []
  /** Position of the first row of the first block. */
  private origin: number

  /** @param start the position of the first fingerprint that will be pushed, and the first that can be read */
  constructor(
    public start: number,
    public end = start,
  ) {
    this.origin = start
  }

  push(w0: number, w1: number, w2: number, w3: number): void {
    const row = (this.end - this.origin) % blockRows
    if (row === 0) this.blocks.push(new Int32Array(4 * leastRows))
    let block = this.blocks[this.blocks.length - 1]!
    if (4 * row === block.length) {
      const larger = new Int32Array(2 * block.length)
      larger.set(block)
      this.blocks[this.blocks.length - 1] = larger
      block = larger
    }
    const at = 4 * row
    block[at] = w0
    block[at + 1] = w1
    block[at + 2] = w2
    block[at + 3] = w3
    this.end++
  }

  /** Rows `from` (inclusive) to `to` (exclusive) of a matrix. */
  pushRows(hashes: Uint32Array, from: number, to: number): void {
    for (let at = 4 * from; at < 4 * to; at += 4) {
      this.push(hashes[at]!, hashes[at + 1]!, hashes[at + 2]!, hashes[at + 3]!)
    }
  }

  /** Fingerprints before `position`, at most `end`, cannot be read any more. */
  release(position: number): void {
    if (position <= this.start) return
    this.start = position
    const free = Math.floor((position - this.origin) / blockRows)
    this.blocks.splice(0, free)
    this.origin += free * blockRows
  }

  /** Visits the fingerprints from one position to another, as int32 words. */
  forEach(from: number, to: number, visit: (w0: number, w1: number, w2: number, w3: number) => void): void {
    for (let position = from; position < to; position++) {
      const row = position - this.origin
      const block = this.blocks[Math.floor(row / blockRows)]!
      const at = 4 * (row % blockRows)
      visit(block[at]!, block[at + 1]!, block[at + 2]!, block[at + 3]!)
    }
  }

  clone(): FingerprintLog {
    const copy = new FingerprintLog(this.start, this.end)
    copy.origin = this.origin
    copy.blocks = this.blocks.map((block) => block.slice())
    return copy
  }

  memoryBytes(): number {
    return this.blocks.reduce((bytes, block) => bytes + block.byteLength + objectOverhead, objectOverhead)
  }
}
