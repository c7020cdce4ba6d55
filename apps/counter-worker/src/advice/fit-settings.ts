import type { FrameOptions } from '@card/frames'
import { judgeLines } from './judge-lines.js'
import { likelyKeys, likelyTimes } from './likely-members.js'
import { type Member, MemberTable } from './member-table.js'
import { shellWord } from './printable.js'

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

/**
 * Looks for the settings nearest to these under which most of the lines would count: a setting that works stays.
 *
 * @param lines objects among them are looked at; the others count against no setting
 */
export function fitSettings(lines: readonly Uint8Array[], options: FrameOptions): Fitting {
  const table = new MemberTable()
  const objects = lines.filter((line) => addObject(table, line))
  if (objects.length === 0) return { table, fit: null, hasTime: false }
  const timed = fitTime(objects, options, table)
  if (timed === null) return { table, fit: null, hasTime: false }
  const fitted = fitKey(objects, { ...options, ...timed }, table)
  if (fitted === null) return { table, fit: null, hasTime: true }
  const grouped = fitGroup(objects, fitted)
  const counted = judgeLines(lines, grouped).counted.length
  const flags = flagsOf(options, grouped)
  return { table, fit: { options: grouped, flags, counted, lines: lines.length }, hasTime: true }
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

function fitTime(lines: readonly Uint8Array[], options: FrameOptions, table: MemberTable): Timing | null {
  const alone = { ...options, key: null, groupBy: null }
  const given = { time: options.time, timeUnit: options.timeUnit }
  if (most(lines, judgeLines(lines, alone).times.length)) return given
  const candidates: Timing[] = units.map((timeUnit) => ({ time: options.time, timeUnit }))
  const members = byName(options.time, table.members, likelyTimes(table.members, table.frames))
  for (const { path } of members) {
    for (const timeUnit of new Set([options.timeUnit, ...units])) candidates.push({ time: path, timeUnit })
  }
  const fits = (timing: Timing) => {
    const { times } = judgeLines(lines, { ...alone, ...timing })
    return most(lines, times.filter((time) => time >= plausible.from && time < plausible.to).length)
  }
  return candidates.find(fits) ?? null
}

function fitKey(
  lines: readonly Uint8Array[],
  options: FrameOptions,
  table: MemberTable,
): FrameOptions | null {
  const alone = { ...options, groupBy: null }
  const fits = (key: string | null) => most(lines, judgeLines(lines, { ...alone, key }).counted.length)
  if (options.key === null || fits(options.key)) return options
  const members = byName(options.key, table.members, likelyKeys(table.members, table.frames))
  const found = members.find(({ path }) => path !== options.time && fits(path))
  return found === undefined ? null : { ...options, key: found.path }
}

/** A group that is no text, integer or boolean rejects the frame: better none. */
function fitGroup(lines: readonly Uint8Array[], options: FrameOptions): FrameOptions {
  if (options.groupBy === null || most(lines, judgeLines(lines, options).counted.length)) return options
  return { ...options, groupBy: null }
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
