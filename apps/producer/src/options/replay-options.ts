import { optional, required } from './option-row.js'
import { type RawOptions, readRows } from './read-rows.js'
import { connectionRows, sendingRows } from './topic-rows.js'
import { type TopicTarget, topicTarget } from './topic-target.js'
import * as values from './values.js'

/** Every flag of `producer replay`, in the manual's order. */
export const replayRows = {
  topic: optional('NAME', 'topic to send to, made where it is missing', values.topic),
  ...connectionRows,
  rate: optional('N', 'frames a second by the clock, 0.001 to 10000000', values.decimal(0.001, 10_000_000)),
  speed: optional('SPEED', 'as the frames came, by their times: 1x, 10x, 0.5x (see below)', (text) =>
    values.speed(text),
  ),
  key: required('PATH', 'dotted path of the key in a frame', 'uid', values.memberPath),
  time: required('PATH', 'dotted path of the time in a frame', 'ts', values.memberPath),
  timeUnit: required(
    'UNIT',
    'of the time: auto (seconds, milliseconds, microseconds by magnitude), s, ms, us or iso',
    'auto',
    values.oneOf('auto', 's', 'ms', 'us', 'iso'),
  ),
  ...sendingRows,
}

/** What `replay` is asked for. */
export interface ReplayOptions {
  /** `-` is stdin. */
  readonly files: readonly string[]
  readonly target: TopicTarget
  /** Null: as fast as possible. */
  readonly pace: { readonly perSecond: number } | { readonly speed: number } | null
  readonly key: string
  readonly time: string
  readonly timeUnit: 'auto' | 's' | 'ms' | 'us' | 'iso'
}

/** Turns operands and flags into options. @throws ProducerError `usage` */
export function readReplayOptions(
  files: readonly string[],
  raw: RawOptions<typeof replayRows>,
  extra: readonly string[] = [],
): ReplayOptions {
  return readRows(replayRows, raw, extra, (parsed, problems) => {
    const { rate, speed, key, time, timeUnit } = parsed
    if (files.length === 0) problems.push('FILE: expected at least one file (- is stdin), found none')
    if (files.filter((file) => file === '-').length > 1) problems.push('-: expected once, found several')
    if (parsed.topic === undefined) problems.push('--topic: expected the name of a topic, found none')
    if (rate !== undefined && speed !== undefined) {
      problems.push('--rate and --speed: expected one of them, found both')
    }
    const target = topicTarget({ ...parsed, topic: parsed.topic ?? '' }, problems)!
    const pace = rate !== undefined ? { perSecond: rate } : speed !== undefined ? { speed } : null
    return { files, target, pace, key, time, timeUnit }
  })
}
