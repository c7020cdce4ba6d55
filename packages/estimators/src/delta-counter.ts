import type { DistinctCounter } from './distinct-counter.js'

/**
 * A counter that can give what was added since a mark, so that a state of any size is stored and sent in parts: each part
 * is written once, and the parts, merged in any order and as often as they come, are the counter.
 *
 * A mark is a number of fingerprints: the fingerprint that was added when there were `n` others lies behind mark `n`. So
 * marks are whole numbers to compare and to split at (every 32,768 fingerprints are 512 KiB), and mean the same after
 * a restart that merges the parts in their order.
 *
 * Once an `AdaptiveCounter` counts by a sketch, its mark is 0 and every delta is the whole sketch.
 */
export interface DeltaCounter extends DistinctCounter {
  /** The mark of this moment. What is added from now on lies behind it. */
  readonly mark: number
  /**
   * Keeps the order of insertion, in 16 bytes more a fingerprint, from a mark on; the order of those that are already there
   * is fixed by this call. Merging into the counter and `clone()` keep the order, `clear()` ends it. Calling it again
   * changes nothing.
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
   * Frees the memory of what lies before a mark: deltas begin there or later from now on. Nothing is forgotten that was
   * counted.
   *
   * @throws EstimatorError `bad-option` for a mark above `mark`
   */
  releaseDeltas(before: number): void
}
