import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { formatResult, ndjsonFormat, parseResult, type ResultsError } from '../src/index.js'
import { example, results } from './arbitraries.js'

const line =
  '{"window":"1m","start":"2016-07-11T13:39:00.000Z","end":"2016-07-11T13:40:00.000Z","group":null,"count":16193,"lower":16193,"upper":16193,"confidence":0.95,"estimator":"exact","events":20480,"pane":"final","revision":0}'

test('a line has the fields of the contract in their order', () => {
  expect(formatResult(example)).toBe(line)
  expect(ndjsonFormat().line(example)).toBe(`${line}\n`)
})

test('a sketch and then the mark of a total end the line', () => {
  expect(formatResult({ ...example, sketch: 'AAEC' })).toBe(line.replace('}', ',"sketch":"AAEC"}'))
  expect(formatResult({ ...example, sketch: 'AAEC', total: true })).toBe(
    line.replace('}', ',"sketch":"AAEC","total":true}'),
  )
})

test('times can be written with the offset of a zone', () => {
  const written = ndjsonFormat({ offsetAt: () => 7_200_000 }).line(example)
  expect(written).toContain('"start":"2016-07-11T15:39:00.000+02:00","end":"2016-07-11T15:40:00.000+02:00"')
  expect(parseResult(written)).toEqual(example)
})

test('every result that is written is read back the same, and is the line that JSON.stringify writes', () => {
  const format = ndjsonFormat()
  fc.assert(
    fc.property(results, (result) => {
      const text = format.line(result)
      expect(parseResult(text)).toEqual(result)
      expect(`${JSON.stringify(JSON.parse(text))}\n`).toBe(text)
    }),
    { numRuns: 3_000 },
  )
})

describe('a line that is no result is refused with its code, what was found and what was expected', () => {
  const changed = (fields: object) => JSON.stringify({ ...JSON.parse(line), ...fields })
  it.each([
    ['not-json', '{"window"'],
    ['not-json', 'window,start,end'],
    ['not-json', ''],
    ['not-object', '[1]'],
    ['not-object', 'null'],
    ['not-object', '"1m"'],
    ['missing-field', '{}'],
    ['missing-field', line.replace('"revision":0', '"sketch":"AAEC"')],
    ['unknown-field', changed({ users: 1 })],
    ['unknown-field', line.replace('{', '{"__proto__":{"window":"1m"},')],
    ['unknown-field', line.replace('{', '{"constructor":1,')],
    ['missing-field', '{"__proto__":null}'.replace('__proto__', 'total')],
    ['bad-field', changed({ window: '' })],
    ['bad-field', changed({ start: 1468244340000 })],
    ['bad-field', changed({ start: '2016-07-11' })],
    ['bad-field', changed({ group: 1 })],
    ['bad-field', changed({ count: '16193' })],
    ['bad-field', changed({ count: 1.5 })],
    ['bad-field', changed({ count: -1 })],
    ['bad-field', changed({ count: 2 ** 60 })],
    ['bad-field', changed({ lower: null })],
    ['bad-field', changed({ confidence: 0.99 })],
    ['bad-field', changed({ estimator: 'toString' })],
    ['bad-field', changed({ pane: 'late' })],
    ['bad-field', changed({ revision: -1 })],
    ['bad-field', changed({ sketch: 'not base64' })],
    ['bad-field', changed({ sketch: '' })],
    ['bad-field', changed({ sketch: 'AAECAB==' })],
    ['bad-field', changed({ total: false })],
    ['inconsistent', changed({ end: '2016-07-11T13:39:00.000Z' })],
    ['inconsistent', changed({ lower: 16194 })],
    ['inconsistent', changed({ upper: 16192 })],
    ['inconsistent', changed({ upper: 20481 })],
    ['inconsistent', changed({ upper: null, count: 20481 })],
    ['inconsistent', changed({ total: true, group: 'a' })],
  ])('%s: %s', (code, text) => {
    let refused: ResultsError | null = null
    try {
      parseResult(text)
    } catch (error) {
      refused = error as ResultsError
    }
    expect(refused).toMatchObject({ name: 'ResultsError', code })
    expect(refused!.message).toMatch(/^Found .*expected/s)
  })

  it('whatever the text, with ResultsError alone, in a short message', () => {
    const field = fc.constantFrom(...Object.keys(JSON.parse(line)), 'total', 'sketch', '__proto__')
    fc.assert(
      fc.property(field, fc.jsonValue(), fc.string(), (name, value, text) => {
        for (const input of [text, JSON.stringify(value), changed({ [name]: value })]) {
          try {
            parseResult(input)
          } catch (error) {
            expect(error).toMatchObject({ name: 'ResultsError' })
            expect((error as Error).message.length).toBeLessThan(500)
          }
        }
        expect(({} as Record<string, unknown>).window).toBeUndefined()
      }),
      { numRuns: 2_000 },
    )
  })
})
