import type { FrameOptions, RecordParts } from '@card/frames'
import { judgeLines } from './judge-lines.js'
import { likelyKeys, likelyTimes } from './likely-members.js'
import { type Member, MemberTable } from './member-table.js'
import { shellWord } from './printable.js'
import { recordFieldNames } from './record-fields.js'

/** Settings under which lines would count. */
interface Fit {
  readonly options: FrameOptions
  /** What has to be given for that, as words of a shell: `--key userid`. */
  readonly flags: readonly string[]
  /** How many of the lines would count. */
  readonly counted: number
  readonly lines: number
}

/** What lines have, and which settings would count them. */
export interface Fitting {
  readonly table: MemberTable
  /** Null: nothing was found that would count any. */
  readonly fit: Fit | null
  /** Whether a time was found; without one no key is looked for. */
  readonly hasTime: boolean
}

/** Times between these were not made by a wrong unit: 1990 to 2100. */
const plausible = { from: Date.UTC(1990), to: Date.UTC(2100) }

type TimeUnit = FrameOptions['timeUnit']
const units: readonly TimeUnit[] = ['auto', 's', 'ms', 'us', 'ns', 'iso']

/** Lines, and the records whose values they are; of lines of files, and where nothing else is known, there are none. */
interface Sampled {
  readonly lines: readonly Uint8Array[]
  readonly records: readonly RecordParts[]
}

/**
 * Looks for the settings nearest to these under which most of the lines would count: a setting that works stays.
 *
 * @param lines objects among them are looked at; the others count against no setting
 * @param records of these values, where they are known
 */
export function fitSettings(
  lines: readonly Uint8Array[],
  options: FrameOptions,
  records: readonly RecordParts[] = [],
): Fitting {
  const table = new MemberTable()
  const isObject = lines.map((line) => addObject(table, line))
  const objects = {
    lines: lines.filter((_, i) => isObject[i]),
    records: records.filter((_, i) => isObject[i]),
  }
  const found = (fitted: FrameOptions): Fitting => {
    const counted = judgeLines(lines, fitted, records).counted.length
    const flags = flagsOf(options, fitted)
    return { table, fit: { options: fitted, flags, counted, lines: lines.length }, hasTime: true }
  }
  if (objects.lines.length === 0) {
    const raw = fitRecords({ lines, records }, options)
    return raw === null ? { table, fit: null, hasTime: false } : found(raw)
  }
  const timed = fitTime(objects, options, table)
  if (timed === null) return { table, fit: null, hasTime: false }
  const fitted = fitKey(objects, { ...options, ...timed }, table)
  if (fitted === null) return { table, fit: null, hasTime: true }
  return found(fitGroup(objects, fitted))
}

/** Letters, digits and what joins them: an identifier by itself, no line of CSV or of text. */
const bareId = /^[\p{L}\p{N}_.:@+/=-]{1,256}$/u

/** Of records that hold no frames: settings of the records' own fields under which they count; null: there are none. */
function fitRecords(sampled: Sampled, options: FrameOptions): FrameOptions | null {
  const { lines, records } = sampled
  if (options.input !== 'records') return null
  if (most(lines, judgeLines(lines, options, records).counted.length)) return options
  const bare = lines.filter((line) => bareId.test(new TextDecoder().decode(line)))
  const raw: FrameOptions = { ...options, key: '@value', time: '@timestamp', groupBy: null }
  const fits = most(lines, bare.length) && most(lines, judgeLines(lines, raw, records).counted.length)
  return fits ? raw : null
}

/** The members of the lines that are objects. */
export function memberTableOf(lines: readonly Uint8Array[]): MemberTable {
  const table = new MemberTable()
  for (const line of lines) addObject(table, line)
  return table
}

function addObject(table: MemberTable, line: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(line))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
    table.add(value)
    return true
  } catch {
    return false
  }
}

type Timing = Pick<FrameOptions, 'time' | 'timeUnit'>

function fitTime({ lines, records }: Sampled, options: FrameOptions, table: MemberTable): Timing | null {
  const alone = { ...options, key: null, groupBy: null }
  const given: Timing = { time: options.time, timeUnit: options.timeUnit }
  const candidates = [given, ...units.map((timeUnit) => ({ time: options.time, timeUnit }))]
  const members = byName(options.time, table.members, likelyTimes(table.members, table.frames))
  for (const member of members) {
    const path = pathIn(options, member)
    for (const timeUnit of new Set([options.timeUnit, ...units])) candidates.push({ time: path, timeUnit })
  }
  // The record's own, where no member is a time.
  if (options.input === 'records') candidates.push({ time: '@timestamp', timeUnit: options.timeUnit })
  const fits = (timing: Timing) => {
    const { times } = judgeLines(lines, { ...alone, ...timing }, records)
    return most(lines, times.filter((time) => time >= plausible.from && time < plausible.to).length)
  }
  const found = candidates.find(fits)
  if (found !== undefined) return found
  // No unit makes times of our days of them: what can be read is taken as it is.
  return most(lines, judgeLines(lines, alone, records).times.length) ? given : null
}

function fitKey({ lines, records }: Sampled, options: FrameOptions, table: MemberTable): FrameOptions | null {
  const alone = { ...options, groupBy: null }
  const fits = (key: string | null) =>
    most(lines, judgeLines(lines, { ...alone, key }, records).counted.length)
  if (options.key === null || fits(options.key)) return options
  const members = byName(options.key, table.members, likelyKeys(table.members, table.frames))
  const paths = members.map((member) => pathIn(options, member)).filter((path) => path !== options.time)
  // A producer that keys its records mostly does so by the user; whether it does is not always known.
  if (options.input === 'records' && records.length > 0) paths.push('@key')
  const found = paths.find(fits)
  return found === undefined ? null : { ...options, key: found }
}

/** A group that is no text, integer or boolean rejects the frame: better none. */
function fitGroup({ lines, records }: Sampled, options: FrameOptions): FrameOptions {
  if (options.groupBy === null || most(lines, judgeLines(lines, options, records).counted.length))
    return options
  return { ...options, groupBy: null }
}

/** How an option takes this member: of records, a name such as @timestamp alone would be the record's own. */
function pathIn({ input }: FrameOptions, { path }: Member): string {
  return input === 'records' && recordFieldNames.has(path) ? `\\${path}` : path
}

/** Members that are called as was asked for, but for case, place or dots, before those that only look right. */
function byName(path: string, members: readonly Member[], likely: readonly Member[]): Member[] {
  const wanted = plain(path)
  const same = members.filter((member) => plain(member.path) === wanted)
  const nested = members.filter(({ names }) => plain(names.at(-1)!) === wanted)
  return [...new Set([...same, ...nested, ...likely])]
}

function plain(path: string): string {
  return path.replaceAll('\\', '').toLowerCase()
}

function most(lines: readonly Uint8Array[], counted: number): boolean {
  return 2 * counted > lines.length
}

function flagsOf(given: FrameOptions, fitted: FrameOptions): string[] {
  const flags: string[] = []
  if (fitted.key !== given.key) flags.push(`--key ${shellWord(fitted.key ?? 'none')}`)
  if (fitted.time !== given.time) flags.push(`--time ${shellWord(fitted.time)}`)
  if (fitted.timeUnit !== given.timeUnit) flags.push(`--time-unit ${fitted.timeUnit}`)
  if (fitted.groupBy !== given.groupBy) flags.push('no --group-by')
  return flags
}
