/** What can be counted. Safe integers and bigints are hashed as int64, other numbers as double, booleans as 1 and 0. */
export type Countable = string | Uint8Array | number | bigint | boolean

/** An interval that contains the estimate and, at a stated confidence, the true number of distinct values. */
export interface Bounds {
  /** Never below the number of values certainly seen, unless the estimate is; may be fractional. */
  readonly lower: number
  /** Infinity if there is no bound: a bitmap whose bits are all set. */
  readonly upper: number
}

/**
 * The kinds of counters: `exact` a set of fingerprints, `linear` a bitmap, `hll` HyperLogLog, `ull` UltraLogLog, `auto`
 * exact up to a limit, then HyperLogLog. Only counters of one kind merge.
 */
export type CounterKind = 'exact' | 'linear' | 'hll' | 'ull' | 'auto'

/** A counter as JSON, which can also be posted to a worker; `fromJSON` of its class reads it. */
export interface CounterJson {
  readonly kind: CounterKind
  /** `count()`, for a reader; `fromJSON` does not look at it. */
  readonly count: number
  /** `toBytes()` in base64 with padding. */
  readonly base64: string
}

/**
 * Counts distinct values. Every implementation passes one contract suite: adding is idempotent, order does not matter,
 * merging is commutative, associative and idempotent, and equals counting the union. The laws hold for
 * `toCanonicalBytes()`, `count()` and `bounds()`.
 *
 * A hash is four unsigned 32-bit words: h1 low, h1 high, h2 low, h2 high of MurmurHash3 x64_128, seed 9001.
 */
export interface DistinctCounter {
  readonly kind: CounterKind
  /** What counts now: equal to `kind`, except that `auto` is `exact` or `hll`. */
  readonly estimator: string
  /** @throws EstimatorError `bad-value` for a value that is not a {@link Countable} or a bigint outside of int64 */
  add(value: Countable): void
  /**
   * Adds each value of an iterable.
   *
   * @throws EstimatorError `bad-value` if it is not iterable, for a string or bytes (which are values themselves), and for
   *   a value that cannot be counted; the values before it have been added
   */
  addAll(values: Iterable<Countable>): void
  /**
   * Adds a value by its hash: the words in the order above, each of 32 bits, signed or
   * unsigned. Another hash will do if it spreads values as evenly, but do not mix it with values counted by `add`.
   *
   * @throws EstimatorError `bad-option` for a word that is not a 32-bit integer
   */
  addHash(w0: number, w1: number, w2: number, w3: number): void
  /**
   * Adds rows `from` (inclusive) to `to` (exclusive) of a matrix of hashes, four words a row.
   *
   * @throws EstimatorError `bad-option` for rows that the matrix does not have
   */
  addHashes(hashes: Uint32Array, from: number, to: number): void
  /** The estimated number of distinct values, may be fractional. */
  count(): number
  /**
   * @param confidence at most .6827, .9545 or .9973: the bounds of one, two or three standard deviations are
   *   returned, the first whose normal coverage reaches it (default .95: two)
   * @throws EstimatorError `bad-option` for a confidence that is not above 0 or is above .9973
   */
  bounds(confidence?: number): Bounds
  /**
   * Makes this the counter of the union; `other` stays unchanged. Merging an empty counter changes nothing, whatever its
   * precision or limit; an empty counter takes the precision or limit of the other.
   *
   * @throws EstimatorError `cannot-merge`
   */
  merge(other: DistinctCounter): void
  /**
   * Like `merge`, with a counter of the same class or a delta that is given as bytes.
   *
   * @throws EstimatorError `wrong-kind`, `wrong-version`, `corrupt-bytes`, `cannot-merge`; the counter is then unchanged
   */
  mergeBytes(bytes: Uint8Array): void
  /** The whole state, including what depends on the order of arrival. */
  toBytes(): Uint8Array
  /** The state as a function of the set of values alone: for storage, comparison and merging. */
  toCanonicalBytes(): Uint8Array
  /** What JSON.stringify writes. Unlike a structured clone of a counter, a clone of this can be read again. */
  toJSON(): CounterJson
  /** The class, the count and the parameters, as `console.log` shows them. */
  toString(): string
  /** An independent counter with the same state and options. */
  clone(): this
  /** Forgets every value but keeps its current options: a precision or limit that a merge has lowered stays lowered. */
  clear(): void
  /** Bytes held by the state, typed arrays and their usual overhead. */
  memoryBytes(): number
}

/** Bytes that a JavaScript engine spends on an object with a typed array of its own (measured on V8, 2024). */
export const objectOverhead = 200
