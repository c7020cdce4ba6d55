import { type GuardFrame, type GuardLimits, GuardModel } from '@card/testing'
import { Guard } from '../src/guard/guard.js'
import { loadGuard, saveGuard } from '../src/guard/guard-record.js'
import { Outcome, Source, WindowEngine } from '../src/index.js'
import { userSets } from './user-set.js'

/** What became of frames. */
export interface GuardFate {
  /** in the order in which they counted, with the trusted time then; null: none yet, or at the flush at the end */
  processed: [index: number, trusted: number | null][]
  /** in order of leaving */
  ahead: number[]
  /** the trusted time after each frame; null: none yet */
  trusted: (number | null)[]
}

/** What happens between frames: whether the partition is idle, or starts again from a snapshot, before a frame. */
export interface Interruptions {
  readonly idle?: (index: number) => boolean
  readonly restart?: (index: number) => boolean
}

const notAtAll = () => false
const nullable = (time: number) => (time === Number.NEGATIVE_INFINITY ? null : time)

/** The fate of frames by the model. */
export function modelFate(
  frames: readonly GuardFrame[],
  limits: GuardLimits,
  { idle = notAtAll }: Interruptions = {},
): GuardFate {
  const fate: GuardFate = { processed: [], ahead: [], trusted: [] }
  let ended = false
  const model = new GuardModel(limits, {
    count: (index, trusted) => fate.processed.push([index, ended ? null : trusted]),
    ahead: (index) => fate.ahead.push(index),
  })
  for (const [index, frame] of frames.entries()) {
    if (idle(index)) model.flush()
    model.arrive(frame)
    fate.trusted.push(model.trusted)
  }
  ended = true
  model.flush()
  return fate
}

/** The fate of frames by the guard alone, one frame after the other, as the intake of the engine calls it. */
export function guardFate(
  frames: readonly GuardFrame[],
  { maxAhead, horizon }: GuardLimits,
  { idle = notAtAll, restart = notAtAll }: Interruptions = {},
): GuardFate {
  const fate: GuardFate = { processed: [], ahead: [], trusted: [] }
  let ended = false
  const count = (index: number) => fate.processed.push([index, ended ? null : nullable(guard.trusted)])
  const leave = ({ offset }: { offset: number }) => fate.ahead.push(offset)
  const make = () => new Guard(maxAhead, horizon, ({ offset }) => count(offset))
  let guard = make()
  for (const [offset, { key, t: time }] of frames.entries()) {
    if (restart(offset)) {
      const record = JSON.parse(JSON.stringify(saveGuard(guard, undefined)))
      guard = make()
      loadGuard(guard, record, undefined)
    }
    if (idle(offset)) guard.flush(leave)
    const hash = [Number(key) & 1, 0, 7, Number(key) >> 1] as const
    guard.shown.show(...hash)
    if (guard.accepts(time)) {
      // It counts once the trusted time has moved to it, but before any held frame.
      fate.processed.push([offset, Math.max(guard.trusted, time)])
      guard.accepted(time)
    } else if (guard.reaches(time)) {
      count(offset)
      guard.far(time, ...hash)
    } else {
      const oldest = guard.hold({ ticket: guard.nextTicket, time, group: 0, offset, hash })
      if (oldest !== undefined) leave(oldest)
      guard.weigh()
    }
    fate.trusted.push(nullable(guard.trusted))
  }
  ended = true
  guard.flush(leave)
  return fate
}

/** What can be seen of a fate through the engine: the order, and the trusted time where a batch ends. */
export interface EngineFate {
  processed: number[]
  ahead: number[]
  trusted: (number | null)[]
}

/** The fate of frames by the engine. @param cut whether a batch ends before a frame */
export function engineFate(
  frames: readonly GuardFrame[],
  limits: GuardLimits,
  cut: (index: number) => boolean,
  { idle = notAtAll, restart = notAtAll }: Interruptions = {},
): EngineFate {
  const outOfOrderness = Math.min(3, limits.maxAhead)
  const make = () =>
    new WindowEngine({ sizes: [{ name: 'w', length: 40 }], aggregate: userSets, outOfOrderness, ...limits })
  let engine = make()
  const fate: EngineFate = { processed: [], ahead: [], trusted: [] }
  const columns = {
    time: Float64Array.from(frames, (frame) => frame.t),
    hash: Uint32Array.from(frames.flatMap(({ key }) => [Number(key) & 1, 0, 7, Number(key) >> 1])),
    offset: Float64Array.from(frames, (_, i) => i),
  }
  const settle = () => {
    const { runs, released } = engine
    for (let run = 0; run < runs.length; run++) {
      for (let row = runs.from[run]!; row < runs.to[run]!; row++) {
        const index = runs.source[run] === Source.batch ? row : released.offset[row]!
        if (runs.outcome[run] === Outcome.ahead) fate.ahead.push(index)
        else if (runs.outcome[run] !== Outcome.held) fate.processed.push(index)
      }
    }
    engine.takePanes()
  }
  for (let from = 0, to = 1; from < frames.length; to++) {
    if (to < frames.length && !cut(to) && !idle(to) && !restart(to)) continue
    if (restart(from)) {
      const saved = JSON.parse(JSON.stringify(engine.snapshot()))
      engine = make()
      engine.restore(saved)
    }
    if (idle(from)) {
      engine.flushHeld(0)
      settle()
    }
    while (from < to) {
      from = engine.push(0, columns, from, to)
      settle()
    }
    const own = engine.partitionWatermark(0)
    fate.trusted.push(own === Number.NEGATIVE_INFINITY ? null : own + outOfOrderness + 1)
  }
  engine.flush()
  settle()
  return fate
}

/** What `engineFate` shows of a fate. */
export function seenByEngine(
  { processed, ahead, trusted }: GuardFate,
  cut: (index: number) => boolean,
  { idle = notAtAll, restart = notAtAll }: Interruptions = {},
): EngineFate {
  return {
    processed: processed.map(([index]) => index),
    ahead,
    trusted: trusted.filter((_, i) => {
      const next = i + 1
      return next === trusted.length || cut(next) || idle(next) || restart(next)
    }),
  }
}
