import { checkInteger, checkOptions, checkRows, checkWords } from '../checks.js'
import { bytesOfJson, Counter } from '../counter.js'
import type { DeltaCounter } from '../delta-counter.js'
import type { Bounds, Countable, CounterJson } from '../distinct-counter.js'
import { ExactCounter } from '../exact/exact-counter.js'
import { fingerprintBytes } from '../exact/sorted-fingerprints.js'
import { hashValue } from '../hash/hash-value.js'
import { hashWords } from '../hash/murmur3-x64-128.js'
import { corrupt, readHeader, writeHeader } from '../header.js'
import { HyperLogLog, leastPrecision, mostPrecision } from '../hll/hyper-log-log.js'

/** When an `AdaptiveCounter` stops being exact, and the sketch it then uses. */
export interface AdaptiveCounterOptions {
  /** The most values that are counted exactly, 0 to 2^32 - 1. Default 65536. */
  exactLimit?: number
  /** Precision of the sketch beyond the limit, 4 to 21. Default 14: a standard error of .8 %. */
  precision?: number
}

const bodyStart = 16
const mostLimit = 0xffffffff

/**
 * Counts exactly up to a limit, then with the HyperLogLog sketch that would have been built from the start.
 * Whether it is exact depends only on the values: more than `exactLimit` distinct ones mean the sketch, however they were
 * added or merged. A merge takes the lower limit and the lower precision of the sides that hold values.
 *
 * Bytes: the header of eight bytes (byte 4 the precision, byte 5 whether a sketch follows), u32 limit, u32 zero, then
 * the bytes of the ExactCounter or the canonical HLL image.
 */
export class AdaptiveCounter extends Counter implements DeltaCounter {
  readonly kind = 'auto'
  /** @internal */
  private limit: number
  /** @internal */
  private sketchPrecision: number
  /** @internal */
  private state: ExactCounter | HyperLogLog = new ExactCounter()

  /** @throws EstimatorError `bad-option` */
  constructor(options: AdaptiveCounterOptions = {}) {
    super()
    checkOptions('AdaptiveCounter', options, ['exactLimit', 'precision'])
    const { exactLimit = 65536, precision = 14 } = options
    this.limit = checkInteger('exactLimit', exactLimit, 0, mostLimit)
    this.sketchPrecision = checkInteger('precision', precision, leastPrecision, mostPrecision)
  }

  /** @throws EstimatorError `wrong-kind`, `wrong-version`, `corrupt-bytes` */
  static from(bytes: Uint8Array): AdaptiveCounter {
    const { precision, limit, isSketch, body } = readAdaptiveHeader(bytes)
    const counter = emptyCounter(limit, precision)
    counter.state = isSketch ? HyperLogLog.from(body) : ExactCounter.from(body)
    if (counter.state instanceof HyperLogLog && counter.state.precision !== precision) {
      throw corrupt('auto', `a sketch of precision ${precision}`, `${counter.state.precision}`)
    }
    if (isSketch && counter.state.count() === 0) throw corrupt('auto', 'a sketch of values', 'an empty one')
    return counter
  }

  /** Reads what `toJSON` returned. @throws EstimatorError `wrong-kind`, `wrong-version`, `corrupt-bytes` */
  static fromJSON(json: CounterJson): AdaptiveCounter {
    return readCounter(bytesOfJson(json, 'auto'))
  }

  get estimator(): 'exact' | 'hll' {
    return this.state.estimator
  }

  get exactLimit(): number {
    return this.limit
  }

  get precision(): number {
    return this.sketchPrecision
  }

  add(value: Countable): void {
    hashValue(value)
    this.addWords(hashWords[0]!, hashWords[1]!, hashWords[2]!, hashWords[3]!)
  }

  addHash(w0: number, w1: number, w2: number, w3: number): void {
    checkWords(w0, w1, w2, w3)
    this.addWords(w0, w1, w2, w3)
  }

  /** @internal */
  addWords(w0: number, w1: number, w2: number, w3: number): void {
    this.state.addWords(w0, w1, w2, w3)
    this.settle()
  }

  addHashes(hashes: Uint32Array, from: number, to: number): void {
    checkRows(hashes, from, to)
    // The limit is exceeded by at most one block of rows; checking after each row would cost more.
    for (let row = from; row < to; ) {
      const end = this.state instanceof ExactCounter ? Math.min(to, row + 1024) : to
      this.state.addRows(hashes, row, end)
      this.settle()
      row = end
    }
  }

  count(): number {
    return this.state.count()
  }

  bounds(confidence = 0.95): Bounds {
    return this.state.bounds(confidence)
  }

  /** @internal */
  protected mergeSame(other: this): void {
    const theirs = other.state
    this.shareOptions(other.limit, other.sketchPrecision, theirs.count() === 0)
    if (theirs.count() === 0) return
    if (this.state instanceof ExactCounter && theirs instanceof ExactCounter) this.state.merge(theirs)
    else this.state = this.unionOf(theirs)
    this.settle()
  }

  mergeBytes(bytes: Uint8Array): void {
    const header = readAdaptiveHeader(bytes)
    // Beyond either limit fingerprints belong in a sketch, and for a sketch there is no point in building a table.
    if (header.isSketch || !(this.state instanceof ExactCounter)) {
      this.mergeSame(readCounter(bytes) as this)
      return
    }
    const mine = this.state.count()
    this.state.mergeBytes(header.body)
    this.shareOptions(header.limit, header.precision, header.fingerprints === 0, mine === 0)
    this.settle()
  }

  get mark(): number {
    return this.state instanceof ExactCounter ? this.state.mark : 0
  }

  trackDeltas(from: number = this.mark): void {
    if (this.state instanceof ExactCounter) this.state.trackDeltas(from)
  }

  delta(from: number, to: number = this.mark): Uint8Array {
    return this.state instanceof ExactCounter
      ? this.withHeader(this.state.delta(from, to))
      : this.toCanonicalBytes()
  }

  releaseDeltas(before: number): void {
    if (this.state instanceof ExactCounter) this.state.releaseDeltas(before)
  }

  toBytes(): Uint8Array {
    return this.toCanonicalBytes()
  }

  toCanonicalBytes(): Uint8Array {
    return this.withHeader(this.state.toCanonicalBytes())
  }

  /** @internal */
  private withHeader(body: Uint8Array): Uint8Array {
    const bytes = new Uint8Array(bodyStart + body.length)
    const view = writeHeader(bytes, 'auto')
    bytes[4] = this.sketchPrecision
    bytes[5] = this.state instanceof HyperLogLog ? 1 : 0
    view.setUint32(8, this.limit, true)
    bytes.set(body, bodyStart)
    return bytes
  }

  /**
   * The canonical HLL_8 image (Apache DataSketches) of what was counted, at the counter's precision or a lower one.
   *
   * @throws EstimatorError `bad-option`
   */
  toHllImage(precision: number = this.sketchPrecision): Uint8Array {
    checkInteger('precision', precision, leastPrecision, this.sketchPrecision)
    return this.state.toHllImage(precision)
  }

  clone(): this {
    const copy = emptyCounter(this.limit, this.sketchPrecision)
    copy.state = this.state.clone()
    return copy as this
  }

  clear(): void {
    if (this.state instanceof ExactCounter) this.state.clear()
    else this.state = new ExactCounter()
  }

  memoryBytes(): number {
    return this.state.memoryBytes()
  }

  /** @internal */
  protected parameters() {
    return { estimator: this.estimator, exactLimit: this.limit, precision: this.sketchPrecision }
  }

  /** The lower limit and precision of both sides, or those of the only one that holds values. @internal */
  private shareOptions(
    limit: number,
    precision: number,
    theirsEmpty: boolean,
    mineEmpty = this.state.count() === 0,
  ): void {
    if (theirsEmpty && !mineEmpty) return
    const isOnly = mineEmpty && !theirsEmpty
    this.limit = isOnly ? limit : Math.min(this.limit, limit)
    this.sketchPrecision = isOnly ? precision : Math.min(this.sketchPrecision, precision)
  }

  /** @internal */
  private settle(): void {
    const state = this.state
    if (state instanceof ExactCounter && state.count() > this.limit) {
      this.state = state.toHyperLogLog(this.sketchPrecision)
    }
  }

  /** @internal */
  private unionOf(theirs: ExactCounter | HyperLogLog): HyperLogLog {
    const precision = this.sketchPrecision
    const mine = this.state instanceof ExactCounter ? this.state.toHyperLogLog(precision) : this.state
    if (theirs instanceof ExactCounter && mine.precision === precision) theirs.addTo(mine)
    else mine.merge(theirs instanceof ExactCounter ? theirs.toHyperLogLog(precision) : theirs)
    return mine.precision === precision ? mine : mine.converted({ precision })
  }
}

// A class that names itself within its body is renamed by bundlers (_AdaptiveCounter), and users would see that.
function emptyCounter(exactLimit: number, precision: number): AdaptiveCounter {
  return new AdaptiveCounter({ exactLimit, precision })
}

function readCounter(bytes: Uint8Array): AdaptiveCounter {
  return AdaptiveCounter.from(bytes)
}

function readAdaptiveHeader(bytes: Uint8Array) {
  const view = readHeader(bytes, 'auto', bodyStart)
  const precision = bytes[4]!
  if (precision < leastPrecision || precision > mostPrecision) {
    throw corrupt('auto', 'a precision from 4 to 21', `${precision}`)
  }
  if (bytes[5]! > 1 || bytes[6] !== 0 || bytes[7] !== 0 || view.getUint32(12, true) !== 0) {
    throw corrupt('auto', '0 or 1, then zeros from byte 5 on', 'others')
  }
  const limit = view.getUint32(8, true)
  const isSketch = bytes[5] === 1
  const body = bytes.subarray(bodyStart)
  const fingerprints = body.length / fingerprintBytes - 1
  if (!isSketch && fingerprints > limit) {
    throw corrupt('auto', `at most ${limit} fingerprints`, `${fingerprints}`)
  }
  return { precision, limit, isSketch, body, fingerprints }
}
