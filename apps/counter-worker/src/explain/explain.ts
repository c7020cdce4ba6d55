import { ExitCode } from '@card/app-kit'
import type { FrameOptions } from '@card/frames'
import { advise } from '../advice/advise.js'
import { fitSettings, memberTableOf } from '../advice/fit-settings.js'
import { judgeLines } from '../advice/judge-lines.js'
import { likelyKeys, likelyTimes } from '../advice/likely-members.js'
import type { Member } from '../advice/member-table.js'
import { recordFieldNames, sharedNameWarning } from '../advice/record-fields.js'
import { counterOptions } from '../settings/counter-options.js'
import { frameOptions } from '../settings/counting-options.js'
import type { OptionValues } from '../settings/option-table.js'
import { type Disorder, disorderOf, roundedUp } from './disorder.js'
import { estimateMemory, type MemoryEstimate } from './estimate-memory.js'
import type { Sample } from './sample.js'

/** What a sample of an input shows, and the settings that would count it. */
export interface Explanation {
  readonly sources: Sample['sources']
  /** Lines looked at that are not blank. */
  readonly lines: number
  /** How many of them count with the current settings. */
  readonly counted: number
  /** What the text looks like, and the command that helps, where no line is a JSON object. */
  readonly remedy: string | null
  /** What the settings say and may not mean. */
  readonly warnings: readonly string[]
  readonly members: readonly MemberReport[]
  readonly likelyKeys: readonly string[]
  readonly likelyTimes: readonly string[]
  /** Flags that would count more; null: none were found. */
  readonly flags: readonly string[] | null
  /** How many lines count with these flags. */
  readonly countedWithFlags: number
  readonly from: string | null
  readonly to: string | null
  /** ms */
  readonly disorder: Disorder | null
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
  const { fit } = fitSettings(bytes.slice(0, fittedLines), options, records.slice(0, fittedLines))
  const judged = fit === null ? null : judgeLines(bytes, fit.options, records)
  const key = fit?.options.key ?? null
  const distinctKeys = key === null ? null : distinctOf(key, members, lines)
  const ordered =
    judged === null
      ? []
      : byPartition(
          judged.counted.map((at) => lines[at]!.partition),
          judged.times,
        )
  const disorder = disorderOf(ordered)
  const times = judged === null ? [] : [...judged.times].sort((a, b) => a - b)
  const iso = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString())
  const needed = disorder === null ? null : roundedUp(disorder.p999)
  const isEnough = disorder === null || disorder.p999 <= values['out-of-order']
  return {
    sources: sample.sources,
    lines: lines.length,
    counted: judgeLines(bytes, options, records).counted.length,
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
    countedWithFlags: judged?.counted.length ?? 0,
    from: iso(times[0]),
    to: iso(times.at(-1)),
    disorder,
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

function byPartition(partitions: readonly number[], times: readonly number[]): number[][] {
  const found = new Map<number, number[]>()
  for (const [i, partition] of partitions.entries()) {
    const own = found.get(partition)
    if (own === undefined) found.set(partition, [times[i]!])
    else own.push(times[i]!)
  }
  return [...found.values()]
}
