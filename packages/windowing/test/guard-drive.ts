import { Outcome, Source, WindowEngine } from '../src/index.js'
import type { GuardFate, GuardFrame } from './guard-model.js'
import { userSets } from './user-set.js'

/** How a stream is handed to the engine. */
export interface GuardDrive {
  /** whether a batch ends before a frame */
  cut(index: number): boolean
  /** whether the engine goes on from a snapshot after a batch that ended before a frame */
  restart(index: number): boolean
}

/**
 * The guard as the engine works it. Processed frames carry no trusted time of their own but whether it was the flush
 * (null) or not (0); the trusted time after a batch is seen at its last frame alone, -1 elsewhere.
 */
export function driveGuard(
  frames: readonly GuardFrame[],
  maxAhead: number,
  { cut, restart }: GuardDrive,
): GuardFate {
  const outOfOrderness = Math.min(3, maxAhead)
  const make = () =>
    new WindowEngine({ sizes: [{ name: 'w', length: 40 }], aggregate: userSets, outOfOrderness, maxAhead })
  let engine = make()
  const fate: GuardFate = { processed: [], ahead: [], trusted: frames.map(() => -1) }
  const columns = {
    time: Float64Array.from(frames, (frame) => frame.t),
    hash: Uint32Array.from(frames.flatMap(({ key }) => [key & 1, 0, 7, key >> 1])),
    offset: Float64Array.from(frames, (_, i) => i),
    ceiling: Float64Array.from(frames, ({ t, beyond }) => (beyond ? t - 1 : t)),
  }
  const settle = (at: number | null) => {
    const { runs, released } = engine
    for (let run = 0; run < runs.length; run++) {
      for (let row = runs.from[run]!; row < runs.to[run]!; row++) {
        const index = runs.source[run] === Source.batch ? row : released.offset[row]!
        if (runs.outcome[run] === Outcome.ahead) fate.ahead.push(index)
        else if (runs.outcome[run] !== Outcome.held) fate.processed.push([index, at])
      }
    }
  }
  for (let from = 0, to = 1; from < frames.length; to++) {
    if (to < frames.length && !cut(to)) continue
    while (from < to) {
      from = engine.push(0, columns, from, to)
      settle(0)
      engine.takePanes()
    }
    const own = engine.partitionWatermark(0)
    fate.trusted[to - 1] = own === Number.NEGATIVE_INFINITY ? null : own + outOfOrderness + 1
    if (!restart(to)) continue
    const saved = JSON.parse(JSON.stringify(engine.snapshot()))
    engine = make()
    engine.restore(saved)
  }
  engine.flush()
  settle(null)
  return fate
}

/** What `driveGuard` shows of a fate. */
export function shown({ processed, ahead, trusted }: GuardFate, cut: GuardDrive['cut']): GuardFate {
  return {
    processed: processed.map(([index, at]) => [index, at === null ? null : 0]),
    ahead,
    trusted: trusted.map((at, i) => (i + 1 === trusted.length || cut(i + 1) ? at : -1)),
  }
}
