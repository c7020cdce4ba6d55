/**
 * What a window holds, given by the caller, who also does the adding. The merge must be a union: commutative,
 * associative, and idempotent (merging the same state twice changes nothing), because a finer window is merged
 * into a coarser one again after each correction. Event counts are kept by the engine, by difference.
 */
export interface Aggregate<S> {
  /** An empty state. */
  create(): S
  /** Merges `from` into `into`; `from` does not change. */
  merge(into: S, from: S): void
  /** An independent state with the same content. */
  copy(state: S): S
  /** Plain data that `load` reads back. */
  save(state: S): unknown
  /** The state that `save` wrote. */
  load(data: unknown): S
  /**
   * Empties a state. Where this is given, the states of windows that are over are used again: keep no state of a pane
   * beyond the next call of the engine, `last` or not.
   */
  clear?(state: S): void
  /** Bytes the state takes, about. */
  measure(state: S): number
}
