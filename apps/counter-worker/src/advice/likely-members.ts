import type { Member } from './member-table.js'

/** Names of times in the logs of common systems, the most telling first. */
const timeNames = [
  /^(ts|time|timestamp|@timestamp|event_?time|event_?ts|event_?timestamp)$/i,
  /^(date_?time|datetime|created_?at|occurred_?at|time_?stamp|__realtime_timestamp|_time|at|when)$/i,
  /(time|timestamp|_ts|_at|date)$/i,
  /^(t|date|created|updated|published)$/i,
]

/** Names of what identifies a user, the most telling first. */
const keyNames = [
  /^(uid|user_?id|userid|user)$/i,
  /^(anonymous_?id|distinct_?id|visitor_?id|customer_?id|account_?id|member_?id|client_?id|device_?id|subscriber_?id|viewer_?id)$/i,
  /^(user_?name|login|email|e_?mail|account|customer|visitor|member|actor|subject|sub|device|who)$/i,
  /^(session_?id|session|sid|cookie)$/i,
  /^(id\.orig_h|client_?ip|remote_?addr|remote_?ip|src_?ip|source_?ip|ip|ip_?address|host|client)$/i,
  /id$/i,
]

/** Names of what identifies an event rather than who caused it. */
const eventNames = /^(id|_id|.*(request|trace|span|event|message|msg|order|log|record|transaction).*id)$/i

/** Members of which at least this share of the frames must have one. */
const leastShare = 0.5

/**
 * Members that look like the event time, the likeliest first. A name alone is not enough: the values must be numbers,
 * or text that begins with digits.
 *
 * @param frames that the members were found in
 */
export function likelyTimes(members: readonly Member[], frames: number): Member[] {
  return ranked(members, frames, (member) => {
    const type = mainType(member)
    if (type !== 'integer' && type !== 'number' && type !== 'string') return null
    if (type === 'string' && !member.examples.some((example) => /^"[+-]?\d{4}/.test(example))) return null
    const byName = rankOf(member, timeNames)
    // Without a telling name only what is surely a date, or a number of the size of Unix times.
    if (byName === timeNames.length && !member.examples.some(isTimeLike)) return null
    return byName
  })
}

/** Members that look like the key, strings or integers, the likeliest first. */
export function likelyKeys(members: readonly Member[], frames: number): Member[] {
  return ranked(members, frames, (member) => {
    const type = mainType(member)
    if (type !== 'string' && type !== 'integer') return null
    const byName = rankOf(member, keyNames)
    if (byName === keyNames.length || rankOf(member, timeNames) < 2) return null
    // The `id` of a `request` is an event's, that of a `user` is not.
    return eventNames.test(member.names.slice(-2).join('_')) ? keyNames.length : byName
  })
}

function ranked(
  members: readonly Member[],
  frames: number,
  rank: (member: Member) => number | null,
): Member[] {
  return members
    .filter(({ count }) => count >= leastShare * frames)
    .map((member) => ({ member, rank: rank(member) }))
    .filter((entry): entry is { member: Member; rank: number } => entry.rank !== null)
    .sort((a, b) => a.rank - b.rank || a.member.names.length - b.member.names.length)
    .map(({ member }) => member)
}

/** The first pattern that the last name, or all names together as `user.id` and `user_id`, match. */
function rankOf({ names }: Member, patterns: readonly RegExp[]): number {
  const texts = [names.at(-1)!, names.join('_'), names.slice(-2).join('_')]
  const rank = patterns.findIndex((pattern) => texts.some((text) => pattern.test(text)))
  return rank < 0 ? patterns.length : rank
}

function mainType({ types, count }: Member): string | undefined {
  return [...types].find(([, seen]) => 2 * seen >= count)?.[0]
}

/** @param example a value as JSON */
function isTimeLike(example: string): boolean {
  return /^"?(\d{4}-\d\d-\d\d|1[0-9]{9}(\d{3}){0,3}(\.\d+)?"?$)/.test(example)
}
