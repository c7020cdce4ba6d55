/** What was read of a run when it was judged, and how much of it was rejected. */
export interface RunSums {
  /** Lines or records that are not blank. */
  readonly lines: number
  readonly rejected: number
  /** By reason. */
  readonly reasons: Readonly<Record<string, number>>
  /** Which lines: the first ones, all since the start of a run that goes on, or all of it. */
  readonly extent: 'first' | 'so far' | 'all'
}
