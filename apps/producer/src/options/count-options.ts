import { onOff, optional } from './option-row.js'
import { type RawOptions, readRows } from './read-rows.js'
import { connectionRows } from './topic-rows.js'
import { type Connection, connection } from './topic-target.js'
import * as values from './values.js'

/** Every flag of `producer count`, in the manual's order. */
export const countRows = {
  topic: optional('NAME', 'topic to count', values.topic),
  ...connectionRows,
  exact: onOff('read the topic up to its present end and count the committed records'),
}

/** What `count` is asked for. */
export interface CountOptions extends Connection {
  readonly topic: string
  readonly exact: boolean
}

/** Turns flags into options. @throws ProducerError `usage` */
export function readCountOptions(
  raw: RawOptions<typeof countRows>,
  extra: readonly string[] = [],
): CountOptions {
  return readRows(countRows, raw, extra, (parsed, problems) => {
    const { topic = '', exact } = parsed
    if (topic === '') problems.push('--topic: expected the name of a topic, found none')
    return { ...connection(parsed, problems), topic, exact }
  })
}
