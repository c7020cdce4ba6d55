import type { FingerprintTable } from './fingerprint-table.js'
import type { Segment } from './segment.js'

/** Bytes of one fingerprint: h1, then h2, each most significant byte first, so that order of bytes is numeric order. */
export const fingerprintBytes = 16

/** Writes the fingerprints of a table in ascending order at `offset`; returns the offset after the last. */
export function writeSorted(table: FingerprintTable, into: DataView, offset: number): number {
  let at = offset
  table.forEachSegment((segment) => {
    at = writeSegment(segment, into, at)
  })
  return at
}

function writeSegment(segment: Segment, into: DataView, offset: number): number {
  const count = segment.count()
  const words = new Int32Array(4 * count)
  let next = 0
  segment.forEach((w0, w1, w2, w3) => {
    words[next] = w0
    words[next + 1] = w1
    words[next + 2] = w2
    words[next + 3] = w3
    next += 4
  })
  const order = count <= 8192 ? orderByBuckets(words, count, segment.depth) : orderByComparison(words, count)
  let at = offset
  for (const row of order) {
    const from = 4 * row
    into.setInt32(at, words[from + 1]!)
    into.setInt32(at + 4, words[from]!)
    into.setInt32(at + 8, words[from + 3]!)
    into.setInt32(at + 12, words[from + 2]!)
    at += fingerprintBytes
  }
  return at
}

/** Hashes are uniform: about one falls into each of `count` buckets, and an insertion sort finishes them in linear time. */
function orderByBuckets(words: Int32Array, count: number, depth: number): Uint32Array {
  const bits = Math.max(1, 32 - Math.clz32(count))
  const ends = new Uint32Array((1 << bits) + 1)
  for (let row = 0; row < count; row++) ends[((words[4 * row + 1]! << depth) >>> (32 - bits)) + 1]!++
  for (let bucket = 1; bucket < ends.length; bucket++) ends[bucket]! += ends[bucket - 1]!
  const order = new Uint32Array(count)
  for (let row = 0; row < count; row++) order[ends[(words[4 * row + 1]! << depth) >>> (32 - bits)]!++] = row
  for (let i = 1; i < count; i++) {
    const row = order[i]!
    let hole = i
    while (hole > 0 && compareRows(words, order[hole - 1]!, row) > 0) {
      order[hole] = order[hole - 1]!
      hole--
    }
    order[hole] = row
  }
  return order
}

function orderByComparison(words: Int32Array, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, row) => row).sort((a, b) => compareRows(words, a, b))
}

function compareRows(words: Int32Array, a: number, b: number): number {
  return (
    (words[4 * a + 1]! >>> 0) - (words[4 * b + 1]! >>> 0) ||
    (words[4 * a]! >>> 0) - (words[4 * b]! >>> 0) ||
    (words[4 * a + 3]! >>> 0) - (words[4 * b + 3]! >>> 0) ||
    (words[4 * a + 2]! >>> 0) - (words[4 * b + 2]! >>> 0)
  )
}
