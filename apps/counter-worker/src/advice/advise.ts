import { quantity, withCommas } from '@card/app-kit'
import type { RefusedLine } from '@card/counting'
import type { FrameOptions } from '@card/frames'
import { formatOf } from '../input/formats.js'
import { type Compressions, compressionOf, decompressCommand } from '../input/magic-bytes.js'
import { type Fitting, fitSettings } from './fit-settings.js'
import type { Member } from './member-table.js'
import { printable, shellWord } from './printable.js'
import { recordFieldNames } from './record-fields.js'
import { textShape } from './text-shape.js'

/** What a run that rejected its input knows of it. */
export interface RejectedInput {
  readonly options: FrameOptions
  /** How many lines were rejected, by reason. */
  readonly rejected: Readonly<Record<string, number>>
  /** The first of them. */
  readonly sample: readonly (RefusedLine & { readonly reason: string })[]
  /** Whether they are values of Kafka records. */
  readonly areRecords: boolean
  /** Of the files among the sources. */
  readonly compressions?: Compressions
}

/** Why nothing was counted, and what would help. */
export interface Advice {
  readonly reasons: string
  /** Where the first rejected line stands: `events.jsonl, byte 0`, `likes/0, offset 12`. */
  readonly place: string
  /** Its beginning. */
  readonly line: string
  /** The members of the sampled lines that are objects; empty: none is. */
  readonly members: string
  /** What to do, a sentence each. */
  readonly remedies: readonly string[]
}

/** Members that a message names. */
const membersShown = 20

export function advise(input: RejectedInput): Advice {
  const { sample, rejected, areRecords } = input
  const [first] = sample
  if (first === undefined) throw new Error('expected a rejected line to advise on')
  const fitting = fitSettings(
    sample.map(({ line }) => line),
    withoutEmptyFields(input),
  )
  return {
    reasons: Object.entries(rejected)
      .sort(([, a], [, b]) => b - a)
      .map(([reason, count]) => `${reason} ${withCommas(count)}`)
      .join(', '),
    place: `${printable(nameOf(first))}, ${areRecords ? 'offset' : 'byte'} ${first.offset}`,
    line: printable(first.line),
    members: membersText(fitting.table.members),
    remedies: remediesFor(input, fitting),
  }
}

/** Members with their types, as a person reads them. */
function membersText(members: readonly Member[]): string {
  const leaves = members.filter(({ types }) => !(types.size === 1 && types.has('object')))
  const shown = leaves
    .slice(0, membersShown)
    .map(({ path, types }) => `${printable(path, 60)} (${[...types.keys()].join(' or ')})`)
  const more = leaves.length - shown.length
  return shown.join(', ') + (more > 0 ? `, and ${more} more` : '')
}

function remediesFor(input: RejectedInput, { table, fit, hasTime }: Fitting): string[] {
  const { options, areRecords } = input
  if (table.frames === 0 && fit === null) return [...emptyFields(input), otherFormat(input)]
  if (fit !== null && fit.flags.length > 0) {
    const noun = `rejected ${areRecords ? 'record' : 'line'}`
    const counts =
      fit.lines === 1
        ? `the ${noun} would count`
        : `${fit.counted} of the first ${quantity(fit.lines, noun)} would count`
    return [
      ...emptyFields(input),
      ...dottedName(options, fit.options),
      `try ${fit.flags.join(' ')}: ${counts}`,
    ]
  }
  if (!hasTime) {
    return [
      'no member looks like a time that can be read; name it with --time, and its unit with --time-unit',
    ]
  }
  if (fit === null) return ['no member looks like a key; name it with --key, or count events with --key none']
  return []
}

/** What text looks like that holds no JSON object on a line of its own. */
function otherFormat({ sample, options, areRecords, rejected, compressions }: RejectedInput): string {
  const [first] = sample
  const expected = `expected one JSON object per ${areRecords ? 'record' : 'line'}`
  const format = areRecords ? recordFormat(first!.line) : null
  if (format !== null) return `the values look like ${format}; ${expected}`
  const shape = textShape(sample.map(({ line }) => new TextDecoder().decode(line)))
  if (shape === null) {
    if ((rejected['too-long'] ?? 0) > 0)
      return 'lines are longer than --max-line allows: raise it (at most 256MiB)'
    return `${expected}, such as {"${options.key ?? 'uid'}":"u1","${options.time}":1468244384}`
  }
  const looks = `the input looks like ${shape.what}; ${expected}`
  if (shape.command === null || areRecords) return looks
  const source = nameOf(first!)
  const frames = shape.frames.map((frame) => new TextEncoder().encode(frame))
  const flags = fitSettings(frames, options).fit?.flags ?? []
  const file = source === 'stdin' ? 'FILE' : shellWord(source)
  const compression = compressions?.get(source)
  const command =
    compression === undefined
      ? shape.command(file)
      : `${decompressCommand(compression, file)} | ${shape.command(null)}`
  return `${looks}; try: ${[command, '|', 'counter-worker', ...flags].join(' ')}`
}

/** Of a Kafka record's value. */
function recordFormat(value: Uint8Array): string | null {
  // A zero, then the schema's id in four bytes.
  if (value.length > 5 && value[0] === 0) return "a schema registry's format (Avro, Protobuf or JSON Schema)"
  return compressionOf(value) ?? formatOf(value)?.name ?? null
}

/** Options by the fields that records lack, which is why most were rejected. */
function emptyOptions({ options, rejected }: RejectedInput): ('key' | 'time')[] {
  const reasons = Object.entries(rejected).sort(([, a], [, b]) => b - a)
  const lacks = { key: 'missing-key', time: 'missing-time' } as const
  return (['key', 'time'] as const).filter((option) => {
    const isField = options.input === 'records' && recordFieldNames.has(options[option] ?? '')
    return isField && reasons[0]?.[0] === lacks[option]
  })
}

function emptyFields(input: RejectedInput): string[] {
  return emptyOptions(input).map((option) => {
    const path = input.options[option]
    return `the records have no ${path === '@key' ? 'key' : 'timestamp'} of their own, which --${option} ${path} takes`
  })
}

/** The options of the search for others: what the records lack is looked for among the members. */
function withoutEmptyFields(input: RejectedInput): FrameOptions {
  const names = { key: 'uid', time: 'ts' }
  const options = { ...input.options }
  for (const option of emptyOptions(input)) options[option] = names[option]
  return options
}

/** Says so when a path was taken apart at a dot that belongs to the name. */
function dottedName(given: FrameOptions, fitted: FrameOptions): string[] {
  return (['key', 'time'] as const).flatMap((option) => {
    const [path, found] = [given[option], fitted[option]]
    if (path === null || found === null || path === found || found.replaceAll('\\.', '.') !== path) return []
    return [`the member is called ${printable(JSON.stringify(path))}: a dot inside a name is written \\.`]
  })
}

function nameOf({ source }: RefusedLine): string {
  return source === '-' ? 'stdin' : source
}
