import type { ModelFrame } from './model.js'

/** A small stream of frames with everything that can be wrong with it, the same for the same seed. */
export interface StreamOptions {
  readonly frames: number
  readonly seed: number
  readonly users?: number
  /** Frames of an event second. */
  readonly rate?: number
  readonly groups?: number
  /** Of a thousand frames, how many are up to a minute late. */
  readonly latePerMille?: number
  /** Of a thousand frames, how many have one bit of the time flipped. */
  readonly flippedPerMille?: number
  /** Of a thousand lines, how many are malformed or blank. */
  readonly malformedPerMille?: number
}

export interface Stream {
  readonly text: string
  /** The frames that are well-formed, in order. */
  readonly frames: readonly ModelFrame[]
  readonly lines: number
  readonly blank: number
  readonly rejected: Readonly<Record<string, number>>
}

const malformed: readonly (readonly [reason: string, line: string])[] = [
  ['not-json', '{"uid":"x","ts":1468244384'],
  ['not-object', '["uid","ts"]'],
  ['missing-time', '{"uid":"x"}'],
  ['bad-time', '{"uid":"x","ts":"now"}'],
  ['missing-key', '{"ts":1468244384}'],
  ['bad-key', '{"uid":1.5,"ts":1468244384}'],
  ['blank', '  \t'],
]

export function stream(options: StreamOptions): Stream {
  const { frames: count, users = 500, rate = 50, groups = 0 } = options
  const { latePerMille = 0, flippedPerMille = 0, malformedPerMille = 0 } = options
  const random = xorshift(options.seed)
  const frames: ModelFrame[] = []
  const lines: string[] = []
  const rejected: Record<string, number> = {}
  let blank = 0
  while (frames.length < count) {
    if (random(1000) < malformedPerMille) {
      const [reason, line] = malformed[random(malformed.length)]!
      lines.push(line)
      if (reason === 'blank') blank++
      else rejected[reason] = (rejected[reason] ?? 0) + 1
      continue
    }
    let seconds = 1_468_244_384 + Math.floor(frames.length / rate)
    if (random(1000) < latePerMille) seconds -= 1 + random(60)
    if (random(1000) < flippedPerMille) seconds ^= 1 << random(31)
    const key = `user-${random(users)}`
    const group = groups === 0 || random(20) === 0 ? null : `g${random(groups)}`
    frames.push({ key, time: seconds * 1000, group })
    const video = group === null ? '' : `,"video":"${group}"`
    lines.push(`{"n":{"uid":"no","ts":0},"uid":"${key}","ts":${seconds}${video},"x":[1,"é"]}`)
  }
  return { text: `${lines.join('\n')}\n`, frames, lines: lines.length, blank, rejected }
}

/** Whole numbers from 0 to below the limit. */
function xorshift(seed: number): (limit: number) => number {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x85ebca6b) | 1
  return (limit) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % limit
  }
}
