import { option, type Settled, type Sources, settle, topicName, yesOrNo } from '@card/app-kit'
import { missingTopic } from './topic-conflicts.js'
import { connectionOptions } from './topic-options.js'
import type { Connection } from './topic-target.js'

/** Every option of `producer count`, in the order of the manual. */
export const countTable = {
  topic: option('Kafka', 'NAME', topicName, 'topic to count'),
  ...connectionOptions,
  exact: option(
    'Kafka',
    null,
    yesOrNo,
    'read the topic up to its present end and count the committed records',
    'false',
  ),
}

/** What `count` is asked for. */
export interface CountOptions extends Connection {
  readonly topic: string
  readonly exact: boolean
}

/** The effective options of `count`. @throws ExitError (64 or 78) with every problem */
export function settleCount(sources: Sources): Settled<typeof countTable> {
  return settle(countTable, sources, ({ values }) => missingTopic(values))
}

/** What they ask for. @throws ExitError (64 or 78) with every problem */
export function readCountOptions(sources: Sources): CountOptions {
  const { values } = settleCount(sources)
  const { topic, brokers, kafkaConfig, exact } = values
  return { topic: topic!, brokers: brokers!, kafkaConfig, exact }
}
