import type { RefusedLine } from '@card/counting'
import { FrameReader } from '@card/frames'
import type { Result } from '@card/results'
import type { CountingOutput } from '../src/counting/counting-output.js'
import { CountingRun } from '../src/counting/counting-run.js'
import { countingOptions, frameOptions, inputPartitions } from '../src/settings/counting-options.js'
import { settings } from './settings/place-settings.js'

/** Everything that came out of the counting core. */
export interface Counted {
  readonly results: readonly Result[]
  /** Rejected and late lines with their reason or action and offset, in the order in which they are refused. */
  readonly refused: readonly string[]
  readonly sums: CountingRun['sums']
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
  const counted = (core: CountingRun): Counted => {
    if (held.size > 0) throw new Error(`${held.size} held lines were never taken`)
    return { results, refused, sums: core.sums }
  }
  return { values, options: countingOptions(values), partitions: inputPartitions(values), output, counted }
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
  const { values, options, partitions, output, counted } = countingFor(words)
  const reader = new FrameReader(frameOptions(values))
  const fixed = !inTwoStages
  const core = new CountingRun(options, { ...partitions, fixed }, reader, output)
  const drain = () => {
    while (reader.next()) core.consume('-')
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
  core.flush()
  return counted(core)
}
