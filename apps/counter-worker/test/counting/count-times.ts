import type { TimeWarning } from '@card/counting'
import { FrameReader } from '@card/frames'
import type { Result } from '@card/results'
import { frameOptions } from '../../src/settings/counting-options.js'
import { settings } from '../settings/place-settings.js'
import { DirectCounting } from './direct-counting.js'

/** A frame of a user at a time in seconds. */
export interface TimedFrame {
  readonly user: string
  readonly time: number
}

/** Counts frames of one partition, in batches of so many, without a flush; a frame's offset is its index. */
export function countTimes(words: readonly string[], frames: readonly TimedFrame[], batch = 100) {
  const { values } = settings(words)
  const reader = new FrameReader(frameOptions(values))
  const warnings: TimeWarning[] = []
  const results: Result[] = []
  const run = new DirectCounting(values, reader, {
    result: (result) => results.push(result),
    rejected: null,
    late: null,
    lateAction: 'dropped',
    held: null,
    warn: (warning) => warnings.push(warning),
  })
  for (let from = 0; from < frames.length; from += batch) {
    reader.clear()
    for (const [i, { user, time }] of frames.slice(from, from + batch).entries()) {
      reader.pushValue(Buffer.from(`{"uid":"${user}","ts":${time}}`), from + i)
    }
    run.consume('-')
  }
  return { run, figures: run.figures, warnings, results }
}
