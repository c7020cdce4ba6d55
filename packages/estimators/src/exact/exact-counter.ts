import {
  type Bounds,
  type Countable,
  checkInteger,
  checkRows,
  type DistinctCounter,
  sigmasOf,
} from '../distinct-counter.js'
import { cannotMerge } from '../errors.js'
import { hashValue } from '../hash/hash-value.js'
import { hashWords } from '../hash/murmur3-x64-128.js'
import { corrupt, readHeader, viewOf, writeHeader } from '../header.js'
import { HyperLogLog } from '../hll/hyper-log-log.js'
import { FingerprintTable } from './fingerprint-table.js'
import { fingerprintBytes, writeSorted } from './sorted-fingerprints.js'

const bodyStart = 16
const mostShardBits = 16

/**
 * Counts exactly: a set of the 128-bit hashes of the values. Two of n values have the same hash, so that the count is
 * one short, with a probability of about n^2 / 2^129: 1.5e-27 for a million values, 1.5e-21 for a billion.
 * About 30 bytes a value in memory, 16 serialized; no insertion moves more than 16 KiB.
 *
 * Bytes: the header of eight bytes, the number of fingerprints (u64), then the fingerprints ascending, each as h1 and
 * h2 with the most significant byte first. Concatenated bodies of shards are the body of the whole.
 */
export class ExactCounter implements DistinctCounter {
  readonly kind = 'exact'
  readonly estimator = 'exact'
  private table = new FingerprintTable()

  /** @throws EstimatorError `wrong-kind`, `wrong-version`, `corrupt-bytes` */
  static from(bytes: Uint8Array): ExactCounter {
    const view = readHeader(bytes, 'exact', bodyStart)
    const count = view.getUint32(8, true) + view.getUint32(12, true) * 4294967296
    if (view.getUint32(4, true) !== 0) throw corrupt('exact', 'zeros from byte 4 to 7', 'others')
    if (bytes.length - bodyStart !== count * fingerprintBytes) {
      throw corrupt(
        'exact',
        `${count} fingerprints of ${fingerprintBytes} bytes`,
        `${bytes.length - bodyStart} bytes`,
      )
    }
    const counter = new ExactCounter()
    counter.table.reserve(count)
    let above = -1
    let aboveLow = -1
    let belowHigh = -1
    let belowLow = -1
    for (let at = bodyStart; at < bytes.length; at += fingerprintBytes) {
      const w1 = view.getUint32(at)
      const w0 = view.getUint32(at + 4)
      const w3 = view.getUint32(at + 8)
      const w2 = view.getUint32(at + 12)
      const order = w1 - above || w0 - aboveLow || w3 - belowHigh || w2 - belowLow
      if (order <= 0) throw corrupt('exact', 'fingerprints in ascending order', `another at byte ${at}`)
      counter.table.add(w0, w1, w2, w3)
      above = w1
      aboveLow = w0
      belowHigh = w3
      belowLow = w2
    }
    return counter
  }

  add(value: Countable): void {
    hashValue(value)
    this.table.add(hashWords[0]!, hashWords[1]!, hashWords[2]!, hashWords[3]!)
  }

  addHash(w0: number, w1: number, w2: number, w3: number): void {
    this.table.add(w0, w1, w2, w3)
  }

  addHashes(hashes: Uint32Array, from: number, to: number): void {
    checkRows(hashes, from, to)
    this.table.addRows(hashes, from, to)
  }

  count(): number {
    return this.table.size
  }

  bounds(confidence = 0.95): Bounds {
    sigmasOf(confidence)
    return { lower: this.table.size, upper: this.table.size }
  }

  merge(other: DistinctCounter): void {
    if (!(other instanceof ExactCounter)) {
      throw cannotMerge('an ExactCounter', other)
    }
    // The first finer window of a coarser one: its segments are copied as they are, no fingerprint is looked up.
    if (this.table.size === 0) this.table = other.table.clone()
    else this.table.addAll(other.table)
  }

  toBytes(): Uint8Array {
    return this.toCanonicalBytes()
  }

  toCanonicalBytes(): Uint8Array {
    const bytes = withHeader(this.table.size)
    writeSorted(this.table, viewOf(bytes), bodyStart)
    return bytes
  }

  /**
   * How many fingerprints each shard holds; a shard has changed exactly when this number has.
   *
   * @param bits log2 of the number of shards, 0 to 16: shard i holds the values whose h1 begins with the bits of i
   * @throws EstimatorError `bad-option`
   */
  shardSizes(bits: number): Uint32Array {
    const sizes = new Uint32Array(2 ** checkInteger('bits', bits, 0, mostShardBits))
    this.table.forEachSegment((segment) => {
      segment.forEach((_w0, w1) => {
        sizes[bits === 0 ? 0 : w1 >>> (32 - bits)]!++
      })
    })
    return sizes
  }

  /**
   * The canonical bytes of each shard: they are read by `from`, and merging all of them gives this counter. Use it where
   * the whole is too large for one record.
   *
   * @param bits log2 of the number of shards, 0 to 16
   * @throws EstimatorError `bad-option`
   */
  toShards(bits: number): Uint8Array[] {
    const sizes = this.shardSizes(bits)
    const body = this.toCanonicalBytes()
    let at = bodyStart
    return Array.from(sizes, (size) => {
      const shard = withHeader(size)
      shard.set(body.subarray(at, at + size * fingerprintBytes), bodyStart)
      at += size * fingerprintBytes
      return shard
    })
  }

  /**
   * The HyperLogLog of the same values.
   *
   * @param precision 4 to 21
   */
  toHyperLogLog(precision: number): HyperLogLog {
    const sketch = new HyperLogLog({ precision })
    this.addTo(sketch)
    return sketch
  }

  /** Adds what was counted to a sketch, which comes to the state of one that was fed the same values. */
  addTo(sketch: HyperLogLog): void {
    this.table.forEachRows((hashes, count) => sketch.addHashes(hashes, 0, count))
  }

  /** The canonical HLL_8 image (Apache DataSketches) of the same values, at a precision of 4 to 21. */
  toHllImage(precision: number): Uint8Array {
    return this.toHyperLogLog(precision).toCanonicalBytes()
  }

  clone(): this {
    const copy = new ExactCounter()
    copy.table = this.table.clone()
    return copy as this
  }

  clear(): void {
    this.table = new FingerprintTable()
  }

  memoryBytes(): number {
    return this.table.memoryBytes()
  }
}

function withHeader(size: number): Uint8Array {
  const bytes = new Uint8Array(bodyStart + size * fingerprintBytes)
  const view = writeHeader(bytes, 'exact')
  view.setUint32(8, size >>> 0, true)
  view.setUint32(12, Math.floor(size / 4294967296), true)
  return bytes
}
