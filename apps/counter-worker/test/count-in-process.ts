import type { RefusedLine } from '@card/counting'
import { type FrameColumns, FrameReader } from '@card/frames'
import type { Result } from '@card/results'
import type { CountingOutput } from '../src/counting/counting-output.js'
import { filesPartition, openCounting } from '../src/counting/open-counting.js'
import type { RunFigures } from '../src/counting/run-figures.js'
import { countingSetup, frameOptions } from '../src/settings/counting-options.js'
import { Shell } from '../src/shell.js'
import { settings } from './settings/place-settings.js'

/** Everything that came out of the counting core. */
export interface Counted {
  readonly results: readonly Result[]
  /** Rejected and late lines with their reason or action and offset, in the order in which they are refused. */
  readonly refused: readonly string[]
  readonly sums: RunFigures['sums']
}

/** What flags ask of a counting core, and an output that gathers everything. */
export function countingFor(words: readonly string[]) {
  const { values } = settings(words)
  const results: Result[] = []
  const refused: string[] = []
  const held = new Map<number, RefusedLine>()
  const refuse = (label: string, { offset, line }: RefusedLine) =>
    refused.push(`${label} ${offset} ${Buffer.from(line)}`)
  const output: CountingOutput = {
    result: (result) => results.push(result),
    rejected: refuse,
    late: refuse,
    lateAction: 'file',
    held: () => ({
      keep: (ticket, { source, offset, line }) => held.set(ticket, { source, offset, line: line.slice() }),
      take(ticket) {
        const line = held.get(ticket)
        if (line === undefined) throw new Error(`no line is held under ticket ${ticket}`)
        held.delete(ticket)
        return line
      },
      drop(ticket) {
        if (!held.delete(ticket)) throw new Error(`no line is held under ticket ${ticket}`)
      },
    }),
  }
  const counted = (figures: RunFigures): Counted => {
    if (held.size > 0) throw new Error(`${held.size} held lines were never taken`)
    return { results, refused, sums: figures.sums }
  }
  return { values, setup: countingSetup(values), output, counted }
}

/** A worker core and its shell over the rows of a reader, as files drive them. */
export function coreOver(
  reader: FrameReader,
  { setup, output, counted }: Pick<ReturnType<typeof countingFor>, 'setup' | 'output' | 'counted'>,
) {
  const { core, writer, figures } = openCounting(setup, reader.groups, output, 0)
  const log = { info() {}, warn() {} }
  const shell = new Shell({ core, writer, outputs: { flush: () => undefined }, log, source: null })
  const rows = {
    take(source: string, columns: FrameColumns, areGroupIdsInUse: boolean) {
      const batch = { columns, bytes: reader.bytes, source }
      shell.take({ kind: 'rows', partition: filesPartition, batch, areGroupIdsInUse })
    },
    get isSweepDue() {
      return core.isSweepDue
    },
  }
  const finish = (): Counted => {
    shell.take({ kind: 'end-of-input' })
    return counted(figures)
  }
  return { rows, finish }
}

/**
 * Runs the counting core as the program would with these flags, on an input that arrives in chunks of this size.
 *
 * @param chunkSize bytes
 * @param options.inTwoStages as several partitions would be counted
 */
export function countInProcess(
  words: readonly string[],
  input: Uint8Array,
  chunkSize: number,
  { inTwoStages = false } = {},
): Counted {
  const counting = countingFor(words)
  const partitions = { ...counting.setup.partitions, fixed: !inTwoStages }
  const reader = new FrameReader(frameOptions(counting.values))
  const { rows, finish } = coreOver(reader, { ...counting, setup: { ...counting.setup, partitions } })
  const drain = () => {
    while (reader.next()) rows.take('-', reader.columns, false)
  }
  for (let from = 0; from < input.length; from += chunkSize) {
    let chunk = input.subarray(from, from + chunkSize)
    while (chunk.length > 0) {
      chunk = chunk.subarray(reader.write(chunk))
      drain()
    }
  }
  reader.endOfSource()
  drain()
  return finish()
}
