import { rootValues } from './root-values.js'

/** What a plain recount of a stream's bytes finds; written from the description of the input, with strings and Sets. */
export interface Recount {
  lines: number
  bytes: number
  blank: number
  counted: number
  rejected: Record<string, number>
  users: number
  windows: Record<
    string,
    { start: string; end: string; group: string | null; users: number; events: number }[]
  >
}

export interface RecountOptions {
  readonly windows: readonly string[]
  readonly groupField: string | null
  readonly maxLine: number
}

type Event = { time: number; user: string; group: string | null }

/** One line without its ending: `blank`, a reason of rejection, or its event. */
export function judge(line: Buffer, options: RecountOptions): string | Event {
  const text = line.toString('utf8').replace(/\r$/, '')
  if (/^[ \t\r]*$/.test(text)) return 'blank'
  if (Buffer.byteLength(text) > options.maxLine) return 'too-long'
  let frame: unknown
  try {
    frame = JSON.parse(text)
  } catch {
    return 'not-json'
  }
  if (typeof frame !== 'object' || frame === null || Array.isArray(frame)) return 'not-object'
  const raw = rootValues(text)
  const ts = raw.get('ts')
  if (ts === undefined) return 'missing-time'
  const time = milliseconds(JSON.parse(ts))
  if (time === null) return 'bad-time'
  const uid = raw.get('uid')
  if (uid === undefined) return 'missing-key'
  if (!isText(uid) && !isInteger(uid)) return 'bad-key'
  const group = options.groupField === null ? undefined : raw.get(options.groupField)
  if (
    group !== undefined &&
    group !== 'null' &&
    !isText(group) &&
    !isInteger(group) &&
    !/^(true|false)$/.test(group)
  ) {
    return 'bad-group'
  }
  return { time, user: plain(uid), group: group === undefined || group === 'null' ? null : plain(group) }
}

export function recount(bytes: Buffer, options: RecountOptions): Recount {
  const result: Recount = {
    lines: 0,
    bytes: bytes.length,
    blank: 0,
    counted: 0,
    rejected: {},
    users: 0,
    windows: {},
  }
  const events: Event[] = []
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from)
    const line = bytes.subarray(from, end < 0 ? bytes.length : end)
    from += line.length + 1
    result.lines++
    const verdict = judge(line, options)
    if (verdict === 'blank') result.blank++
    else if (typeof verdict === 'string') result.rejected[verdict] = (result.rejected[verdict] ?? 0) + 1
    else events.push(verdict)
  }
  result.counted = events.length
  result.users = new Set(events.map((event) => event.user)).size
  for (const name of options.windows) result.windows[name] = panes(events, name)
  return result
}

function panes(events: Event[], name: string): Recount['windows'][string] {
  const byPane = new Map<
    string,
    { range: [number, number]; group: string | null; users: Set<string>; events: number }
  >()
  for (const { time, user, group } of events) {
    const range = windowOf(time, name)
    const key = JSON.stringify([range[0], group])
    const pane = byPane.get(key) ?? { range, group, users: new Set(), events: 0 }
    byPane.set(key, pane)
    pane.users.add(user)
    pane.events++
  }
  const rank = (group: string | null) => (group === null ? '' : ` ${group}`)
  return [...byPane.values()]
    .sort((a, b) => a.range[0] - b.range[0] || (rank(a.group) < rank(b.group) ? -1 : 1))
    .map(({ range: [start, end], group, users, events }) => {
      return {
        start: new Date(start).toISOString(),
        end: new Date(end).toISOString(),
        group,
        users: users.size,
        events,
      }
    })
}

function windowOf(time: number, name: string): [number, number] {
  const sizes: Record<string, number> = { '1500ms': 1500, '7s': 7000, '1m': 60_000, '1h': 3_600_000 }
  const size = sizes[name]
  if (size !== undefined) {
    const start = time - (((time % size) + size) % size)
    return [start, start + size]
  }
  const date = new Date(time)
  date.setUTCHours(0, 0, 0, 0)
  if (name === '1w') while (date.getUTCDay() !== 1) date.setUTCDate(date.getUTCDate() - 1)
  if (name === '1M' || name === '1q' || name === '1y') date.setUTCDate(1)
  if (name === '1q') while (date.getUTCMonth() % 3 !== 0) date.setUTCMonth(date.getUTCMonth() - 1)
  if (name === '1y') date.setUTCMonth(0)
  const end = new Date(date)
  if (name === '1d') end.setUTCDate(end.getUTCDate() + 1)
  if (name === '1w') end.setUTCDate(end.getUTCDate() + 7)
  if (name === '1M') end.setUTCMonth(end.getUTCMonth() + 1)
  if (name === '1q') end.setUTCMonth(end.getUTCMonth() + 3)
  if (name === '1y') end.setUTCFullYear(end.getUTCFullYear() + 1)
  return [date.getTime(), end.getTime()]
}

function milliseconds(ts: unknown): number | null {
  const time = typeof ts === 'string' && !/^[+-]?\d+(\.\d+)?$/.test(ts) ? ofText(ts) : ofNumber(ts)
  return time >= Date.parse('0001-01-01T00:00:00Z') && time < Date.parse('9999-01-01T00:00:00Z') ? time : null
}

/** Seconds, milliseconds, microseconds or nanoseconds, by magnitude. */
function ofNumber(ts: unknown): number {
  if (typeof ts !== 'number' && typeof ts !== 'string') return Number.NaN
  const value = Number(ts)
  const size = Math.abs(value)
  if (size < 1e11) return Math.floor(value * 1000)
  if (size < 1e14) return Math.floor(value)
  return Math.floor(size < 1e17 ? value / 1000 : value / 1e6)
}

function ofText(ts: string): number {
  return /^\d{4}-\d\d-\d\d/.test(ts) ? Date.parse(ts) : Number.NaN
}

const isText = (raw: string) => raw.startsWith('"')
const isInteger = (raw: string) => /^-?(0|[1-9]\d*)$/.test(raw)
const plain = (raw: string) => (isText(raw) ? (JSON.parse(raw) as string) : raw)
