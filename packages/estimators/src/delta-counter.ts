import type { DistinctCounter } from './distinct-counter.js'

/**
 * A counter that can return what was added since a mark, so that a state of any size can be stored and sent in parts. Each
 * part is written once; merged in any order, even repeatedly, the parts make the counter again.
 *
 * A mark is a number of fingerprints: the fingerprint that was added when there were `n` others comes after mark `n`. So
 * marks are whole numbers that can be compared and split at (32,768 fingerprints are 512 KiB), and they keep their meaning
 * after a restart that merges the parts in order.
 *
 * Once an `AdaptiveCounter` has switched to a sketch, its mark is 0 and every delta is the whole sketch.
 */
export interface DeltaCounter extends DistinctCounter {
  /** The current mark. Whatever is added from now on comes after it. */
  readonly mark: number
  /**
   * Keeps the order of insertion from a mark on, for 16 more bytes per fingerprint. The order of the fingerprints that are
   * already there is fixed by this call. Merging into the counter and `clone()` keep the order, `clear()` ends it. Calling it
   * again changes nothing.
   *
   * @param from 0 to `mark`, the default
   * @throws EstimatorError `bad-option` also for a mark before one that was released
   */
  trackDeltas(from?: number): void
  /**
   * The fingerprints from one mark to another in order of insertion, as bytes for `mergeBytes` and the static `from`:
   * 16 bytes a fingerprint, 16 or 32 more in all. From 0 to `mark` is always allowed, other marks where they are tracked.
   *
   * @param to at most `mark`, the default
   * @throws EstimatorError `bad-option`
   */
  delta(from: number, to?: number): Uint8Array
  /**
   * Frees the memory for the order before a mark: from now on, deltas start there or later. No counted value is forgotten.
   *
   * @throws EstimatorError `bad-option` for a mark above `mark`
   */
  releaseDeltas(before: number): void
}
