import { checkInteger, checkOptions, checkRows, checkWords, sigmasOf } from '../checks.js'
import { bytesOfJson, Counter } from '../counter.js'
import type { DeltaCounter } from '../delta-counter.js'
import type { Bounds, Countable, CounterJson } from '../distinct-counter.js'
import { cannotMerge } from '../errors.js'
import { hashValue } from '../hash/hash-value.js'
import { hashWords } from '../hash/murmur3-x64-128.js'
import { corrupt } from '../header.js'
import { HyperLogLog, leastPrecision, mostPrecision } from '../hll/hyper-log-log.js'
import { addBytes, deltaBytes, sortedBytes, sortedParts } from './exact-bytes.js'
import { FingerprintLog } from './fingerprint-log.js'
import { FingerprintTable } from './fingerprint-table.js'

const mostShardBits = 16

/**
 * Counts exactly: a set of the 128-bit hashes of the values. Two of n values have the same hash, so that the count is
 * one short, with a probability of about n^2 / 2^129: 1.5e-27 for a million values, 1.5e-21 for a billion.
 * About 30 bytes a value in memory, 16 serialized; no insertion moves more than 16 KiB.
 */
export class ExactCounter extends Counter implements DeltaCounter {
  readonly kind = 'exact'
  readonly estimator = 'exact'
  /** @internal */
  private table = new FingerprintTable()

  /** @throws EstimatorError `bad-option`: there are no options */
  constructor(options: Record<string, never> = {}) {
    super()
    checkOptions('ExactCounter', options, [])
  }

  /**
   * Reads canonical bytes or a delta.
   *
   * @throws EstimatorError `wrong-kind`, `wrong-version`, `corrupt-bytes`
   */
  static from(bytes: Uint8Array): ExactCounter {
    const counter = emptyCounter()
    const count = addBytes(counter.table, bytes)
    if (counter.table.size !== count) throw corrupt('exact', 'different fingerprints', 'one twice')
    return counter
  }

  /** Reads what `toJSON` returned. @throws EstimatorError `wrong-kind`, `wrong-version`, `corrupt-bytes` */
  static fromJSON(json: CounterJson): ExactCounter {
    return readCounter(bytesOfJson(json, 'exact'))
  }

  add(value: Countable): void {
    hashValue(value)
    this.table.add(hashWords[0]!, hashWords[1]!, hashWords[2]!, hashWords[3]!)
  }

  addHash(w0: number, w1: number, w2: number, w3: number): void {
    checkWords(w0, w1, w2, w3)
    this.addWords(w0, w1, w2, w3)
  }

  /** @internal */
  addWords(w0: number, w1: number, w2: number, w3: number): void {
    this.table.add(w0, w1, w2, w3)
  }

  addHashes(hashes: Uint32Array, from: number, to: number): void {
    checkRows(hashes, from, to)
    this.addRows(hashes, from, to)
  }

  /** @internal As `addHashes`, of rows that are known to be there. */
  addRows(hashes: Uint32Array, from: number, to: number): void {
    this.table.addRows(hashes, from, to)
  }

  count(): number {
    return this.table.size
  }

  bounds(confidence = 0.95): Bounds {
    sigmasOf(confidence)
    return { lower: this.table.size, upper: this.table.size }
  }

  /** @internal */
  protected mergeSame(other: this): void {
    // A single fingerprint needs no table of its own.
    if (this.table.size > 0 || other.table.size <= 1) this.table.addAll(other.table)
    else {
      // The first finer window of a coarser one: its segments are copied as they are, no fingerprint is looked up.
      const { log } = this.table
      this.table = other.table.clone()
      this.table.log = log
      if (log !== null) this.table.forEachRows((hashes, count) => log.pushRows(hashes, 0, count))
    }
  }

  mergeBytes(bytes: Uint8Array): void {
    addBytes(this.table, bytes)
  }

  get mark(): number {
    return this.table.size
  }

  trackDeltas(from: number = this.mark): void {
    checkInteger('from', from, this.table.log?.start ?? 0, this.mark)
    if (this.table.log !== null) return
    const log = new FingerprintLog(from)
    let position = 0
    this.table.forEachRows((hashes, count) => {
      log.pushRows(hashes, Math.min(count, Math.max(0, from - position)), count)
      position += count
    })
    this.table.log = log
  }

  delta(from: number, to: number = this.mark): Uint8Array {
    checkInteger('to', to, 0, this.mark)
    const isWhole = from === 0 && to === this.mark
    if (!isWhole) checkInteger('from (a mark that is tracked)', from, this.table.log?.start ?? this.mark, to)
    return deltaBytes(this.table, from, to)
  }

  releaseDeltas(before: number): void {
    checkInteger('before', before, 0, this.mark)
    this.table.log?.release(before)
  }

  toBytes(): Uint8Array {
    return this.toCanonicalBytes()
  }

  toCanonicalBytes(): Uint8Array {
    return sortedBytes(this.table)
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
    return sortedParts(this.table, this.shardSizes(bits))
  }

  /**
   * The HyperLogLog of the same values.
   *
   * @param precision 4 to 21
   * @throws EstimatorError `bad-option`
   */
  toHyperLogLog(precision: number): HyperLogLog {
    checkInteger('precision', precision, leastPrecision, mostPrecision)
    const sketch = new HyperLogLog({ precision })
    this.addTo(sketch)
    return sketch
  }

  /** Adds what was counted to a sketch, which comes to the state of one that was fed the same values. */
  addTo(sketch: HyperLogLog): void {
    if (sketch?.kind !== 'hll') throw cannotMerge('a HyperLogLog', sketch)
    this.table.forEachRows((hashes, count) => sketch.addHashes(hashes, 0, count))
  }

  /** The canonical HLL_8 image (Apache DataSketches) of the same values, at a precision of 4 to 21. */
  toHllImage(precision: number): Uint8Array {
    return this.toHyperLogLog(precision).toCanonicalBytes()
  }

  clone(): this {
    const copy = emptyCounter()
    copy.table = this.table.clone()
    copy.table.log = this.table.log?.clone() ?? null
    return copy as this
  }

  clear(): void {
    this.table.clear()
  }

  memoryBytes(): number {
    return this.table.memoryBytes()
  }

  /** @internal */
  protected parameters() {
    return {}
  }
}

// A class that names itself within its body is renamed by bundlers (_ExactCounter), and users would see that.
function emptyCounter(): ExactCounter {
  return new ExactCounter()
}

function readCounter(bytes: Uint8Array): ExactCounter {
  return ExactCounter.from(bytes)
}
