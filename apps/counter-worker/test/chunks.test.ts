import { FrameReader } from '@card/frames'
import { expect, test } from 'vitest'
import { CountingCore } from '../src/counting/counting-core.js'
import { countingOptions } from '../src/counting/counting-options.js'
import { resultFormat } from '../src/output/result-line.js'
import { readCommandLine } from '../src/settings/command-line.js'
import { settle } from '../src/settings/settings.js'
import { stream } from './stream.js'

const input = stream({
  frames: 20_000,
  seed: 9,
  rate: 20,
  groups: 5,
  latePerMille: 10,
  flippedPerMille: 2,
  malformedPerMille: 5,
})
const bytes = Buffer.from(input.text)

/** Everything that comes out when the input arrives in chunks of this size. */
function output(words: readonly string[], chunkSize: number): string {
  const invocation = readCommandLine(words, '0')
  if (invocation.command !== 'count') throw new Error('expected to count')
  const { values } = settle(invocation.given, {})
  const results: string[] = []
  const refused: string[] = []
  const held = new Map<number, { source: string; offset: number; line: Uint8Array }>()
  const reader = new FrameReader({
    key: values.key,
    time: values.time,
    timeUnit: values['time-unit'],
    groupBy: values['group-by'],
    maxLine: values['max-line'],
  })
  const refuse = (label: string, { offset, line }: { offset: number; line: Uint8Array }) =>
    refused.push(`${label} ${offset} ${Buffer.from(line)}`)
  const core = new CountingCore(countingOptions(values), reader, {
    result: (result) => results.push(resultFormat('ndjson', false).line(result)),
    rejected: refuse,
    late: refuse,
    held: {
      keep: (ticket, { source, offset, line }) => held.set(ticket, { source, offset, line: line.slice() }),
      take(ticket) {
        const line = held.get(ticket)!
        held.delete(ticket)
        return line
      },
    },
  })
  const drain = () => {
    while (reader.next()) core.consume('-')
  }
  for (let from = 0; from < bytes.length; from += chunkSize) {
    let chunk: Uint8Array = bytes.subarray(from, from + chunkSize)
    while (chunk.length > 0) {
      chunk = chunk.subarray(reader.write(chunk))
      drain()
    }
  }
  reader.endOfSource()
  drain()
  core.flush()
  expect(held.size).toBe(0)
  // Rejected lines of a batch come before its late ones: their order among each other depends on the batches.
  return [...results, ...refused.sort(), JSON.stringify(core.sums)].join('\n')
}

test.each([
  ['plain', ['--windows', '1m,1h', '--lateness', '20s']],
  [
    'groups beyond their cap, counted as others',
    ['--group-by', 'video', '--max-groups', '3', '--lateness', '1m'],
  ],
  [
    'groups beyond their cap, rejected',
    ['--group-by', 'video', '--max-groups', '3', '--group-overflow', 'reject'],
  ],
])('chunks from 1 byte to 1 MiB give the same results and the same refused lines: %s', (_, words) => {
  const whole = output(words, 1 << 20)
  expect(whole.length).toBeGreaterThan(2_000)
  for (const size of [1, 7, 100, 4_096, 65_536]) expect(output(words, size)).toBe(whole)
})
