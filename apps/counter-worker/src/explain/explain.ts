import { duration, ExitCode } from '@card/app-kit'
import type { CountingOptions } from '@card/counting'
import type { FrameOptions } from '@card/frames'
import { advise } from '../advice/advise.js'
import { fitSettings, memberTableOf } from '../advice/fit-settings.js'
import { likelyKeys, likelyTimes } from '../advice/likely-members.js'
import type { Member } from '../advice/member-table.js'
import { recordFieldNames, sharedNameWarning } from '../advice/record-fields.js'
import { counterOptions } from '../settings/counter-options.js'
import { countingOptions, frameOptions } from '../settings/counting-options.js'
import type { OptionValues } from '../settings/option-table.js'
import { type Disorder, disorderOf, roundedUp } from './disorder.js'
import { estimateMemory, type MemoryEstimate } from './estimate-memory.js'
import { replay } from './replay.js'
import type { Sample } from './sample.js'

/** What a sample of an input shows, and the settings that would count it. */
export interface Explanation {
  readonly sources: Sample['sources']
  /** Lines looked at that are not blank. */
  readonly lines: number
  /** How many of them count with the current settings. */
  readonly counted: number
  /** How many would be read, but too late to count. */
  readonly late: number
  /** What the text looks like, and the command that helps, where no line is a JSON object. */
  readonly remedy: string | null
  /** What the settings say and may not mean. */
  readonly warnings: readonly string[]
  readonly members: readonly MemberReport[]
  readonly likelyKeys: readonly string[]
  readonly likelyTimes: readonly string[]
  /** Flags that would count more; null: none were found. */
  readonly flags: readonly string[] | null
  /** How many lines count with these flags, and how many are late. */
  readonly countedWithFlags: number
  readonly lateWithFlags: number
  readonly from: string | null
  readonly to: string | null
  /** ms; frames that are far ahead of those after them take no part. */
  readonly disorder: Disorder | null
  /** How many frames are far ahead of those after them. */
  readonly ahead: number
  /** The `--out-of-order` that covers 99.9 % of the frames. */
  readonly outOfOrder: string | null
  readonly distinctKeys: number | null
  readonly memory: MemoryEstimate | null
}

interface MemberReport {
  readonly path: string
  readonly types: Readonly<Record<string, number>>
  /** Frames that have it. */
  readonly frames: number
  readonly distinct: number
  readonly examples: readonly string[]
}

/** Lines that settings are tried on, over and over; all lines are judged by those that fit. */
const fittedLines = 1000

/** Examples name users: a few of them, of the members that matter. */
export function explain(sample: Sample, values: OptionValues): Explanation {
  const lines = sample.lines.filter(({ bytes }) => bytes.some((byte) => byte > 0x20))
  const bytes = lines.map((line) => line.bytes)
  const records = lines.flatMap(({ record }) => record ?? [])
  const options = frameOptions(values)
  const { members, frames } = memberTableOf(bytes)
  const { fit } = fitSettings(thinned(bytes), options, thinned(records))
  const counting = countingOptions(values)
  const now = replay(lines, options, counting)
  const fitted = fit === null ? null : replay(lines, fit.options, counting)
  const key = fit?.options.key ?? null
  const distinctKeys = key === null ? null : distinctOf(key, members, lines)
  const disorder = fitted === null ? null : disorderOf(fitted.partitions)
  const needed = disorder === null ? null : roundedUp(disorder.p999)
  const isEnough = disorder === null || disorder.p999 <= counting.outOfOrder
  const withFlags =
    fit === null || isEnough ? fitted : replay(lines, fit.options, reordering(counting, disorder.p999))
  const times = (fitted?.partitions ?? []).flatMap((frames) => frames.map(({ time }) => time))
  return {
    sources: sample.sources,
    lines: lines.length,
    counted: now.counted,
    late: now.late,
    warnings: warningsOf(bytes, options),
    remedy: frames === 0 && fit === null && lines.length > 0 ? remedyOf(sample, bytes, values) : null,
    members: members.map(({ path, types, count, distinct, examples }) => ({
      path,
      types: Object.fromEntries(types),
      frames: count,
      distinct,
      examples,
    })),
    likelyKeys: likelyKeys(members, frames).map(({ path }) => path),
    likelyTimes: likelyTimes(members, frames).map(({ path }) => path),
    flags: fit === null ? null : [...fit.flags, ...(isEnough ? [] : [`--out-of-order ${needed}`])],
    countedWithFlags: withFlags?.counted ?? 0,
    lateWithFlags: withFlags?.late ?? 0,
    from: iso(times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY)),
    to: iso(times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY)),
    disorder,
    ahead: fitted?.ahead ?? 0,
    outOfOrder: needed,
    distinctKeys,
    memory: distinctKeys === null ? null : estimateMemory(counterOptions(values), distinctKeys),
  }
}

/** 0 when something would count with the flags that are proposed, else 65. */
export function codeOf({ countedWithFlags, counted }: Explanation): ExitCode {
  return Math.max(countedWithFlags, counted) > 0 ? ExitCode.done : ExitCode.badData
}

function remedyOf({ sources }: Sample, lines: readonly Uint8Array[], values: OptionValues): string {
  const source = sources[0]?.name ?? '-'
  const first = lines.slice(0, 100)
  return advise({
    options: frameOptions(values),
    rejected: {},
    sample: first.map((line) => ({ reason: '', source, offset: 0, line })),
    areRecords: values.brokers !== null,
    compressions: new Map(
      sources.flatMap(({ name, compression }) => (compression === null ? [] : [[name, compression]])),
    ),
  }).remedies.join('; ')
}

function warningsOf(lines: readonly Uint8Array[], options: FrameOptions): string[] {
  for (const line of lines) {
    const warning = sharedNameWarning(options, line)
    if (warning !== null) return [warning]
  }
  return []
}

/** How many keys the lines have, be they members or the records' own; null: it is not known. */
function distinctOf(key: string, members: readonly Member[], lines: Sample['lines']): number | null {
  const name = key.startsWith('\\@') ? key.slice(1) : key
  if (!recordFieldNames.has(key)) return members.find(({ path }) => path === name)?.distinct ?? null
  const keys = lines.flatMap(({ bytes, record }) => {
    if (record === null) return []
    if (key === '@value') return Buffer.from(bytes).toString('latin1')
    return key === '@key'
      ? record.key === null
        ? []
        : Buffer.from(record.key).toString('latin1')
      : record.timestamp
  })
  return new Set(keys).size
}

/** The same with a larger `--out-of-order`. @param disorder ms */
function reordering(counting: CountingOptions, disorder: number): CountingOptions {
  const outOfOrder = duration()(roundedUp(disorder))
  return { ...counting, outOfOrder, maxAhead: Math.max(counting.maxAhead, outOfOrder) }
}

/** So many of all lines, evenly spread: the first ones are those of one partition or file. */
function thinned<T>(lines: readonly T[]): T[] {
  const step = Math.ceil(lines.length / fittedLines)
  return lines.filter((_, i) => i % step === 0)
}

/** Null where there is none. */
function iso(time: number): string | null {
  return Number.isFinite(time) ? new Date(time).toISOString() : null
}
