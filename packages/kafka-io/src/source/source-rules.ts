import { badArguments, optionProblems } from '../arguments/check-options.js'
import {
  callback,
  either,
  flag,
  listOf,
  milliseconds,
  oneOf,
  partitionNumber,
  type Rule,
  recordOf,
  text,
  wholeNumber,
} from '../arguments/rules.js'
import { KafkaIoError } from '../errors.js'
import type { SourceOptions } from './types.js'

const pattern: Rule = { expected: 'a regular expression', accepts: (value) => value instanceof RegExp }
const bytes = wholeNumber(1)
/** One fetch asks for its bytes in 32 bits. */
const fetchBytes = wholeNumber(1, 2 ** 31 - 1)

const rules = {
  required: {
    topics: listOf(either(text, pattern), 1),
    from: either(oneOf('earliest', 'latest'), wholeNumber(0)),
  },
  optional: {
    group: text,
    partitions: recordOf(listOf(partitionNumber)),
    until: oneOf('end'),
    endless: listOf(text),
    startAt: callback,
    readUncommitted: flag,
    records: oneOf('columns', 'sections'),
    verifyChecksums: flag,
    metadataInterval: milliseconds,
    sessionTimeout: milliseconds,
    instanceId: text,
    maxWait: milliseconds,
    fetchBytes,
    bufferBytes: bytes,
    maxBatchBytes: bytes,
  },
}

/** @throws `bad-settings`, with every problem */
export function checkSourceOptions(options: SourceOptions): void {
  const problems = optionProblems(options, rules)
  if (problems.length > 0) throw badArguments('KafkaSource.open', problems)
  const { group, partitions, instanceId } = options
  if (group !== undefined && partitions !== undefined) {
    throw new KafkaIoError(
      'bad-settings',
      'A group assigns partitions itself: name a group or partitions, not both',
    )
  }
  if (group === undefined && instanceId !== undefined) {
    throw new KafkaIoError(
      'bad-settings',
      'An instanceId identifies a member of a group: name the group as well',
    )
  }
}
