import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import * as results from '../src/index.js'
import { example, results as valid } from './arbitraries.js'

const { compareGroups, CsvReader, csvFormat, formatLocal, formatResult, formatUtc, LatestResults } = results
const { ndjsonFormat, parseResult, parseResultHeaders, resultHeaders, resultKey, resultOrder } = results

/** What plain JavaScript may pass where TypeScript would refuse it. */
function refusal(call: () => unknown): [code: string, message: string] {
  try {
    call()
  } catch (error) {
    expect(error).toBeInstanceOf(results.ResultsError)
    const { code, message } = error as results.ResultsError
    return [code, message]
  }
  throw new Error('expected a refusal, found none')
}

/** Constructors and functions that take an object of options. */
const takers: [string, (options: never) => unknown][] = [
  ['ndjsonFormat', (options) => ndjsonFormat(options)],
  ['csvFormat', (options) => csvFormat(options)],
  ['CsvReader', (options) => new CsvReader(options)],
  ['LatestResults', (options) => new LatestResults(options)],
]

describe.each(takers)('%s', (name, take) => {
  it.each([[5], ['csv'], [null], [[]], [true]])('refuses %j in place of its options', (options) => {
    const [code, message] = refusal(() => take(options as never))
    expect(code).toBe('bad-option')
    expect(message.startsWith(`${name}: expected `)).toBe(true)
  })

  it('refuses an option that it does not know', () => {
    expect(refusal(() => take({ bogus: 1 } as never))).toEqual([
      'bad-option',
      expect.stringContaining(`${name}: unknown option "bogus": it takes `),
    ])
  })
})

test.each<[string, object]>([
  ['totals', { total: true }],
  ['sketches', { Sketch: true }],
  ['offsetAt', { offset_at: () => 0 }],
])('a misspelt option of csvFormat suggests %s', (meant, options) => {
  expect(refusal(() => csvFormat(options as never))[1]).toContain(`did you mean "${meant}"?`)
})

test.each<[string, object]>([
  ['sketches', { sketches: 'yes' }],
  ['totals', { totals: 1 }],
  ['offsetAt', { offsetAt: 'Europe/Berlin' }],
])('an option %s of another type is refused', (name, options) => {
  expect(refusal(() => csvFormat(options as never))).toEqual([
    'bad-option',
    expect.stringContaining(`${name} must be `),
  ])
})

/** Everything that takes a result. */
const users: [string, (result: never) => unknown][] = [
  ['formatResult', (result) => formatResult(result)],
  ['the line of ndjsonFormat', (result) => ndjsonFormat().line(result)],
  ['the line of csvFormat', (result) => csvFormat({ sketches: true, totals: true }).line(result)],
  ['resultKey', (result) => resultKey(result)],
  ['resultHeaders', (result) => resultHeaders(result)],
  ['LatestResults.add', (result) => new LatestResults().add(result)],
  ['resultOrder on the left', (result) => resultOrder(['1m'])(result, example as never)],
  ['resultOrder on the right', (result) => resultOrder(['1m'])(example as never, result)],
]

describe.each(users)('%s', (_, use) => {
  it.each([[undefined], [null], [5], ['1m']])('refuses %j in place of a result', (value) => {
    expect(refusal(() => use(value as never))[0]).toBe('not-object')
  })

  it.each(Object.keys(example))('names the field %s where a result has none', (name) => {
    const { [name]: _, ...rest } = { ...example } as Record<string, unknown>
    expect(refusal(() => use(rest as never))).toEqual([
      'missing-field',
      expect.stringContaining(`with "${name}", `),
    ])
  })

  it.each<[string, unknown]>([
    ['window', ''],
    ['start', '2016-07-11T13:39:00.000Z'],
    ['start', 1.5],
    ['end', 9e15],
    ['group', 7],
    ['count', -1],
    ['lower', 1.5],
    ['upper', Number.NaN],
    ['estimator', 'HLL'],
    ['events', '20480'],
    ['pane', 'late'],
    ['revision', 2 ** 53],
    ['sketch', 'a"b'],
    ['total', false],
  ])('refuses a result whose %s is %j', (name, value) => {
    expect(refusal(() => use({ ...example, [name]: value } as never))).toEqual([
      'bad-field',
      expect.stringContaining(`${name} must be `),
    ])
  })
})

test('any value in place of a field is either refused with a code or written as a line that parses', () => {
  fc.assert(
    fc.property(
      valid,
      fc.constantFrom(...Object.keys(example), 'sketch', 'total'),
      fc.anything(),
      (result, name, value) => {
        let line: string
        try {
          line = formatResult({ ...result, [name]: value })
        } catch (error) {
          expect(error).toBeInstanceOf(results.ResultsError)
          return
        }
        expect(() => JSON.parse(line)).not.toThrow()
      },
    ),
  )
})

test.each<[string, () => unknown]>([
  ['resultOrder({})', () => resultOrder({} as never)],
  ['resultOrder([1])', () => resultOrder([1] as never)],
  ['compareGroups()', () => (compareGroups as () => unknown)()],
  ['compareGroups("a", 1)', () => compareGroups('a', 1 as never)],
  ['formatUtc()', () => (formatUtc as () => unknown)()],
  ['formatUtc(NaN)', () => formatUtc(Number.NaN)],
  ['formatLocal()', () => (formatLocal as () => unknown)()],
  ['formatLocal(0)', () => (formatLocal as (time: number) => unknown)(0)],
  ['formatLocal(0, () => "+02:00")', () => formatLocal(0, (() => '+02:00') as never)],
  ['CsvReader.push(bytes)', () => new CsvReader().push(new Uint8Array(3) as never)],
  ['LatestResults.values(1)', () => new LatestResults().values(1 as never)],
  ['LatestResults.forget()', () => (new LatestResults().forget as () => unknown)()],
])('%s is refused as an argument', (_, call) => {
  expect(refusal(call)[0]).toBe('bad-option')
})

test('what is read is refused with the codes of reading, whatever its type', () => {
  expect(refusal(() => (parseResult as () => unknown)())[0]).toBe('not-json')
  expect(refusal(() => (parseResultHeaders as () => unknown)())[0]).toBe('bad-field')
  expect(refusal(() => results.parseResultKey(5 as never))[0]).toBe('bad-key')
  expect(refusal(() => new LatestResults().get({ window: '1m' } as never))[0]).toBe('missing-field')
  const circular: unknown[] = []
  circular.push(circular)
  expect(refusal(() => formatResult({ ...example, group: circular as never }))[1]).toContain(
    'found an object',
  )
})
