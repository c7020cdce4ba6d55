import type { LogEffect } from './effects.js'
import type { GapInput } from './inputs.js'

const gapReasons = {
  retention: 'records are missing: they were deleted by retention before they were read',
  recreated: 'the topic was deleted and recreated: the new one is read from its beginning',
  truncated: 'records are missing: the brokers lost the end of the partition',
} as const

export function gapOf({ partition, reason, from, to }: GapInput): LogEffect {
  return say('warn', partition, { from, to }, gapReasons[reason])
}

/** @param partition null: it is about no single one */
export function say(
  level: LogEffect['level'],
  partition: string | null,
  fields: LogEffect['fields'],
  message: string,
): LogEffect {
  return { kind: 'log', level, partition, fields, message }
}
