import type { TopicDescription } from '@card/kafka-io'
import { sketchPrecision } from '../settings/counter-options.js'
import type { OptionValues } from '../settings/option-table.js'

/** Kafka's default of max.message.bytes. */
const DEFAULT_MAX_MESSAGE_BYTES = 1_048_588
/** The key and headers of a record of refused lines, its numbers, and those of its batch. */
const REFUSED_OVERHEAD_BYTES = 1024
/** The numbers, times and names of a result and of its key, its headers, and those of its batch. */
const RESULT_OVERHEAD_BYTES = 2048
/** A longer group is rejected as `bad-group`. */
const MAX_GROUP_BYTES = 1024
/** JSON writes a control character in six bytes. */
const JSON_BYTES_PER_BYTE = 6
/** Of an HLL image before its registers, a byte each. */
const SKETCH_HEADER_BYTES = 40

/** The largest record batch that a topic takes, in bytes; the default where it does not exist, or may not be seen. */
function batchLimit(topic: TopicDescription | null): number {
  return topic?.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES
}

/** Bytes of a refused line's value at most: of a longer one only the beginning is kept. */
export function refusedValueLimit(topic: TopicDescription | null): number {
  return batchLimit(topic) - REFUSED_OVERHEAD_BYTES
}

/** An upper bound of the record batch that a result alone takes, in bytes. */
function resultBound(values: OptionValues): number {
  // In the key and in the value.
  const group = values['group-by'] === null ? 0 : 2 * JSON_BYTES_PER_BYTE * MAX_GROUP_BYTES
  const sketch = values.sketches ? base64Length(SKETCH_HEADER_BYTES + 2 ** sketchPrecision(values)) : 0
  return RESULT_OVERHEAD_BYTES + group + sketch
}

/** Why a topic cannot take every result; null when it can. */
export function whyTooSmallForResults(
  topic: string,
  description: TopicDescription | null,
  values: OptionValues,
) {
  const [bound, limit] = [resultBound(values), batchLimit(description)]
  if (bound <= limit) return null
  const causes = [
    ...(values.sketches ? [`--sketches of precision ${sketchPrecision(values)}`] : []),
    ...(values['group-by'] === null ? [] : [`groups of up to ${MAX_GROUP_BYTES} bytes`]),
  ]
  const because = causes.length === 0 ? '' : ` with ${causes.join(' and ')}`
  const remedy = values.sketches ? ', or lower --precision' : ''
  return (
    `A result${because} may take ${bound} bytes, and ${topic} takes ${limit}: raise the topic's max.message.bytes` +
    remedy
  )
}

/** Why a topic cannot take refused lines; null when it can. */
export function whyTooSmallForLines(topic: string, description: TopicDescription | null): string | null {
  const limit = batchLimit(description)
  if (limit >= 2 * REFUSED_OVERHEAD_BYTES) return null
  return (
    `A refused line takes at least ${2 * REFUSED_OVERHEAD_BYTES} bytes with its place, and ${topic} takes ${limit}: ` +
    "raise the topic's max.message.bytes"
  )
}

function base64Length(bytes: number): number {
  return 4 * Math.ceil(bytes / 3)
}
