import { type OptionValues, type Settled, type Sources, settle } from '@card/app-kit'
import { frameCount } from './frame-count.js'
import { generateConflicts } from './generate-conflicts.js'
import { generateTable } from './generate-table.js'
import { sharesByKind } from './malformed-shares.js'
import type { connectionOptions, sendingOptions } from './topic-options.js'
import { type TopicTarget, topicTarget } from './topic-target.js'

type Values = OptionValues<typeof generateTable>
type OfTopics = keyof typeof connectionOptions | keyof typeof sendingOptions

/** What `generate` is asked for. Times in Unix seconds, sizes in bytes, probabilities in percent. */
export interface GenerateOptions
  extends Omit<Values, OfTopics | 'frames' | 'seconds' | 'malformed' | 'topic'> {
  readonly frames: number
  /** Percent by kind, in the order of `malformedKinds`. */
  readonly malformed: readonly number[]
  /** Where the frames are sent to; null: to a file or stdout. */
  readonly target: TopicTarget | null
}

/** The effective options of `generate`. @throws ExitError (64 or 78) with every problem */
export function settleGenerate(sources: Sources): Settled<typeof generateTable> {
  return settle(generateTable, sources, generateConflicts)
}

/** What they ask for. @throws ExitError (64 or 78) with every problem */
export function readGenerateOptions(sources: Sources): GenerateOptions {
  const { values } = settleGenerate(sources)
  const { malformed, groups } = values
  return {
    ...values,
    frames: frameCount(values),
    malformed: sharesByKind(malformed, groups > 0),
    target: topicTarget(values),
  }
}
