import type { FrameOptions } from './options.js'

/** What a Kafka record has besides the members of its value. */
export type RecordField = 'key' | 'value' | 'timestamp'

/** Which of time, key and group are the record's own; null: a member, or not wanted. */
export interface RecordFields {
  readonly time: RecordField | null
  readonly key: RecordField | null
  readonly groupBy: RecordField | null
}

/** The options of what is read from JSON: a path of null is not looked for. */
export type MemberOptions = Omit<FrameOptions, 'time'> & { readonly time: string | null }

const fieldNames: Readonly<Record<string, RecordField>> = {
  '@key': 'key',
  '@value': 'value',
  '@timestamp': 'timestamp',
}

/** The record fields that options name; null: none. */
export function recordFields({ input, time, key, groupBy }: FrameOptions): RecordFields | null {
  if (input !== 'records') return null
  const of = (path: string | null) => (path === null ? null : (fieldNames[path] ?? null))
  const fields = { time: of(time), key: of(key), groupBy: of(groupBy) }
  return fields.time === null && fields.key === null && fields.groupBy === null ? null : fields
}

/** The options without the paths that are record fields. */
export function memberOptions(options: FrameOptions, fields: RecordFields | null): MemberOptions {
  if (fields === null) return options
  return {
    ...options,
    time: fields.time === null ? options.time : null,
    key: fields.key === null ? options.key : null,
    groupBy: fields.groupBy === null ? options.groupBy : null,
  }
}

/** Whether any member is wanted; otherwise no value is parsed. */
export function readsMembers({ time, key, groupBy }: MemberOptions): boolean {
  return time !== null || key !== null || groupBy !== null
}
