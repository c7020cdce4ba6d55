import {
  type Candidate,
  type Conflict,
  decimal,
  oneOf,
  option,
  type Settled,
  type Sources,
  settle,
  topicName,
} from '@card/app-kit'
import { missingTopic } from './topic-conflicts.js'
import { connectionOptions, sendingOptions } from './topic-options.js'
import { type TopicTarget, topicTarget } from './topic-target.js'
import { memberPath, speed } from './values.js'

/** Every option of `producer replay`, in the order of the manual. */
export const replayTable = {
  rate: option('Pace', 'N', decimal(0.001, 10_000_000), 'frames a second by the clock, 0.001 to 10000000'),
  speed: option(
    'Pace',
    'SPEED',
    speed,
    'as fast as the frames came, by their times: 1x, 10x, 0.5x (see below)',
  ),
  key: option('Frames', 'PATH', memberPath, 'dotted path of the key in a frame', 'uid'),
  time: option('Frames', 'PATH', memberPath, 'dotted path of the time in a frame', 'ts'),
  timeUnit: option(
    'Frames',
    'UNIT',
    oneOf('auto', 's', 'ms', 'us', 'ns', 'iso'),
    'of the time: auto (any, a number by its magnitude), s, ms, us, ns or iso',
    'auto',
  ),
  topic: option('Kafka', 'NAME', topicName, 'topic to send to, created if it does not exist'),
  ...connectionOptions,
  ...sendingOptions,
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
  readonly timeUnit: 'auto' | 's' | 'ms' | 'us' | 'ns' | 'iso'
}

/** The effective options of `replay`. @throws ExitError (64 or 78) with every problem */
export function settleReplay(sources: Sources): Settled<typeof replayTable> {
  return settle(replayTable, sources, conflictsOf)
}

/** What they ask for. @throws ExitError (64 or 78) with every problem */
export function readReplayOptions(sources: Sources): ReplayOptions {
  const { values, files } = settleReplay(sources)
  const { rate, speed, key, time, timeUnit } = values
  const pace = rate !== null ? { perSecond: rate } : speed !== null ? { speed } : null
  return { files, target: topicTarget(values)!, pace, key, time, timeUnit }
}

function conflictsOf({
  values,
  named,
  files,
}: Candidate<typeof replayTable>): Conflict<typeof replayTable>[] {
  const conflicts: Conflict<typeof replayTable>[] = []
  if (files.length === 0) {
    conflicts.push({ options: ['files'], text: 'FILE: expected at least one file (- is stdin), found none' })
  }
  if (files.filter((file) => file === '-').length > 1) {
    conflicts.push({ options: ['files'], text: '-: expected stdin at most once, found it several times' })
  }
  if (values.rate !== null && values.speed !== null) {
    conflicts.push({
      options: ['rate', 'speed'],
      text: `${named('rate')} and ${named('speed')} both set the pace: give one of them`,
    })
  }
  return [...conflicts, ...missingTopic(values)]
}
