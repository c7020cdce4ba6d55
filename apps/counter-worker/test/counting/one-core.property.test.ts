import { createCounting, type RefusedRow, type WindowResult } from '@card/counting'
import { FrameReader, rejectionReasons } from '@card/frames'
import type { Result } from '@card/results'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { frameOptions } from '../../src/settings/counting-options.js'
import { countInProcess, countingFor } from '../count-in-process.js'

/** Lines that go on by up to a minute, some late, flipped, malformed or of many groups. */
const input = fc
  .array(
    fc.record({
      step: fc.nat({ max: 40 }),
      back: fc.oneof(
        { arbitrary: fc.constant(0), weight: 5 },
        { arbitrary: fc.nat({ max: 4000 }), weight: 1 },
      ),
      flip: fc.oneof(
        { arbitrary: fc.constant(0), weight: 15 },
        { arbitrary: fc.constant(2 ** 24), weight: 1 },
      ),
      user: fc.nat({ max: 40 }),
      group: fc.constantFrom('null', '"a"', '"b"', '"é"', '""', '7', '"c"'),
      broken: fc.oneof(
        { arbitrary: fc.constant(false), weight: 15 },
        { arbitrary: fc.constant(true), weight: 1 },
      ),
    }),
    { maxLength: 150 },
  )
  .map((lines) => {
    let now = 1_468_238_400
    return lines
      .map(({ step, back, flip, user, group, broken }) => {
        now += step
        return `{"uid":"u${user}","ts":${now - back + flip},"g":${group}${broken ? '' : '}'}\n`
      })
      .join('')
  })

const flags = fc
  .tuple(
    fc.constantFrom('1m', '1m,1h', '7m,1h,1d', '1h,1w,1M'),
    fc.constantFrom([], ['--rolling', '3m/1m'], ['--totals']),
    fc.constantFrom(
      [],
      ['--lateness', '10m'],
      ['--max-groups', '2'],
      ['--max-groups', '1', '--group-overflow', 'reject'],
    ),
    fc.constantFrom('auto', 'exact', 'hll', 'linear', 'ull'),
  )
  .map(([windows, more, group, estimator]) => {
    const words = ['--windows', windows, '--group-by', 'g', '--estimator', estimator, ...more, ...group]
    if (estimator === 'auto') words.push('--exact-limit', '8', '--sketches')
    return estimator === 'linear' ? [...words, '--expected', '1000'] : words
  })

const plain = ({ size: _, sketch, total, ...result }: WindowResult) => ({
  ...result,
  ...(total ? { total: true } : {}),
  ...(sketch === null ? {} : { sketch: Buffer.from(sketch).toString('base64') }),
})

function refusedText({ refusal, offset, line }: RefusedRow): string {
  const label =
    typeof refusal === 'number' ? rejectionReasons[refusal] : refusal === 'late' ? 'file' : refusal
  return `${label} ${offset} ${Buffer.from(line)}`
}

/** What the counting package makes of an input with these flags, in one or in two stages. */
function counted(words: readonly string[], text: string, fixed: boolean) {
  const { values, options } = countingFor(words)
  const reader = new FrameReader(frameOptions(values))
  const partitions = { names: ['-'], fixed }
  const counting = createCounting(options, reader.groups, { rejected: true, late: true }, partitions)
  const results: WindowResult[] = []
  const refused: string[] = []
  const take = () => {
    const step = counting.takeStep()
    results.push(...step.results)
    refused.push(...step.refused.map(refusedText))
  }
  const drain = () => {
    while (reader.next()) {
      counting.consume('-', { columns: reader.columns, bytes: reader.bytes, source: '-' })
      take()
    }
  }
  for (let bytes = new Uint8Array(Buffer.from(text)); bytes.length > 0; drain()) {
    bytes = bytes.subarray(reader.write(bytes))
  }
  reader.endOfSource()
  drain()
  counting.flush()
  take()
  return { results: results.map(plain), refused, sums: counting.sums }
}

test('the counting package gives the results, refused lines and sums of the counting core, in their order', () => {
  fc.assert(
    fc.property(flags, input, (words, text) => {
      const expected = countInProcess(words, Buffer.from(text), 1024)
      const found = counted(words, text, true)
      expect(found.results).toEqual(expected.results)
      expect(found.refused).toEqual(expected.refused)
      expect(found.sums.counted).toBe(expected.sums.counted)
      expect(found.sums.published.windows).toBe(expected.sums.windows)
    }),
    { numRuns: 150 },
  )
})

test('two stages give the results of one, for any sizes, views and totals', () => {
  const twoStages = flags.filter((words) => !words.includes('--max-groups'))
  fc.assert(
    fc.property(twoStages, input, (words, text) => {
      const key = ({ window, start, group, total }: Result) =>
        JSON.stringify([window, start, group, total ?? false])
      const newest = (results: readonly Result[]) =>
        new Map(results.map(({ pane: _, revision: __, ...result }) => [key(result as Result), result]))
      const expected = counted(words, text, true)
      const found = counted(words, text, false)
      expect(newest(found.results as Result[])).toEqual(newest(expected.results as Result[]))
      expect(found.refused.sort()).toEqual(expected.refused.sort())
    }),
    { numRuns: 150 },
  )
})
