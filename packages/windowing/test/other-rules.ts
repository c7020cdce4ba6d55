import type { GuardFrame } from '@card/testing'
import { WindowEngine } from '../src/index.js'

/** Frames that a rule does not count. */
export interface Losses {
  readonly late: number
  readonly ahead: number
}

const outOfOrderness = 5000
const size = 60_000
const nothing = { create: () => 0, merge() {}, copy: () => 0, save: () => 0, load: () => 0, measure: () => 0 }

function lateBy(trusted: number, t: number): boolean {
  return (Math.floor(t / size) + 1) * size - 1 <= trusted - outOfOrderness - 1
}

/** What the engine loses in minutes, with a far-future guard or (Infinity) a plain watermark. */
export function engineLosses(frames: readonly GuardFrame[], maxAhead: number): Losses {
  const engine = new WindowEngine({
    sizes: [{ name: '1m', length: size }],
    aggregate: nothing,
    outOfOrderness,
    maxAhead,
  })
  const columns = {
    time: Float64Array.from(frames, ({ t }) => t),
    hash: Uint32Array.from(frames.flatMap(({ key }) => [Number(key), 0, 0, 0])),
  }
  for (let row = 0; row < frames.length; engine.takePanes()) row = engine.push(0, columns, row, frames.length)
  engine.flush()
  const { late, ahead } = engine.counters
  return { late, ahead }
}

/** The watermark follows a quantile of the last 101 times: half of them, or nine of ten, must have passed. */
export function quantileLosses(frames: readonly GuardFrame[], quantile: number): Losses {
  const last: number[] = []
  let trusted = Number.NEGATIVE_INFINITY
  let late = 0
  for (const { t } of frames) {
    if (lateBy(trusted, t)) late++
    last.push(t)
    if (last.length > 101) last.shift()
    const sorted = Float64Array.from(last).sort()
    trusted = Math.max(trusted, sorted[Math.floor(quantile * (sorted.length - 1))]!)
  }
  return { late, ahead: 0 }
}

/** A guard that holds every frame out of reach until three held in a row have three keys (or all that were shown). */
export function holdingLosses(frames: readonly GuardFrame[], maxAhead: number): Losses {
  const shown = new Set<number | string>()
  let trusted = Number.NEGATIVE_INFINITY
  let held: { frame: GuardFrame; index: number; run: boolean }[] = []
  let newest = -1
  let late = 0
  let ahead = 0
  const count = (frame: GuardFrame, index: number) => {
    if (shown.size < 3) shown.add(frame.key)
    newest = Math.max(newest, index)
    if (lateBy(trusted, frame.t)) late++
  }
  const release = () => {
    const within = held.filter(({ frame }) => frame.t <= trusted + maxAhead)
    if (within.length === 0) return
    held = held.filter(({ frame }) => frame.t > trusted + maxAhead)
    for (const { frame, index } of within) count(frame, index)
  }
  for (const [index, frame] of frames.entries()) {
    if (frame.t <= trusted + maxAhead) {
      count(frame, index)
      trusted = Math.max(trusted, frame.t)
      for (const each of held) each.run = false
      release()
      continue
    }
    held.push({ frame, index, run: true })
    if (held.length > 1024) {
      held.shift()
      ahead++
    }
    for (;;) {
      const run = held.filter((each) => each.run).map((each) => each.frame)
      const keys = new Set(run.map(({ key }) => key)).size
      const isKnown = trusted > Number.NEGATIVE_INFINITY
      if (!(keys >= 3 || (isKnown ? run.length >= 3 && keys >= shown.size : run.length >= 100))) break
      const least = Math.min(...run.map(({ t }) => t))
      for (const { t } of run) if (t <= least + maxAhead) trusted = Math.max(trusted, t)
      release()
    }
  }
  for (const { frame, index } of held) {
    if (index < newest) ahead++
    else if (lateBy(trusted, frame.t)) late++
  }
  return { late, ahead }
}
