/** Columns of one partition's events, one row an event, in the order of its log. */
export interface EventColumns {
  /** integer ms since the epoch, at most 8.64e15 from it; anything else is counted as invalid */
  readonly time: Float64Array
  /** four words a row, the hash of the key: only the far-future guard reads it. Absent: all keys are one */
  readonly hash?: Uint32Array
  /** ids, 0: the null group. Absent: all 0 */
  readonly group?: Uint32Array
  /** rows that are not 0 are skipped. Absent: all 0 */
  readonly status?: Uint8Array
  /** position in the partition, kept for held frames. Absent: the row */
  readonly offset?: Float64Array
}
