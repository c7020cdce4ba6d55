/** What the worker has to reach beside another program: CPU time on the same file of 2 GB, start included. */
export interface Target {
  readonly worker: string
  readonly peer: string
  /** Least length and key shapes of the frames it is stated for. */
  readonly frames: string
  /** Least CPU time of the peer over that of the worker. */
  readonly ratio: number
}

/** Real frames are `mixed`: known filler keys, in another order in every frame. */
export const targets: readonly Target[] = [
  { worker: 'worker strict', peer: 'Node JSON.parse + Set', frames: '2048 mixed', ratio: 14 },
  { worker: 'worker strict', peer: 'Node JSON.parse + Set', frames: '2048 repeated', ratio: 7 },
  { worker: 'worker strict', peer: 'sonic-rs struct + HashSet', frames: '2048 mixed', ratio: 1 },
  { worker: 'worker strict', peer: 'sonic-rs struct + HashSet', frames: '2048 mixed', ratio: 1.1 },
  { worker: 'worker strict', peer: 'chdb uniqExact', frames: '2048 mixed', ratio: 1.2 },
  { worker: 'worker strict', peer: 'chdb uniqCombined', frames: '2048 mixed', ratio: 1.2 },
  { worker: 'worker strict', peer: 'DuckDB count(distinct)', frames: '2048 mixed', ratio: 1.8 },
  { worker: 'worker trusted', peer: 'sonic-rs get_many + HashSet', frames: '2048 mixed', ratio: 1 },
  { worker: 'worker trusted, hll', peer: 'sonic-rs get_many + HashSet', frames: '2048 mixed', ratio: 1 },
  { worker: 'worker strict', peer: 'chdb uniqCombined', frames: '250 mixed', ratio: 1 },
  { worker: 'worker strict, hll', peer: 'chdb uniqCombined', frames: '250 mixed', ratio: 1 },
]
