import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { CsvReader, csvFormat } from '../src/index.js'
import { example, results } from './arbitraries.js'

const header = 'window,start,end,group,count,lower,upper,confidence,estimator,events,pane,revision'

test('CSV has a header and the same fields in the same order; null is empty', () => {
  expect(csvFormat().header).toBe(`${header}\n`)
  expect(csvFormat().line(example)).toBe(
    '1m,2016-07-11T13:39:00.000Z,2016-07-11T13:40:00.000Z,,16193,16193,16193,0.95,exact,20480,final,0\n',
  )
  expect(csvFormat({ sketches: true, totals: true }).header).toBe(`${header},sketch,total\n`)
  const line = csvFormat({ sketches: true, totals: true }).line({ ...example, sketch: 'AAEC', total: true })
  expect(line).toMatch(/,final,0,AAEC,true\n$/)
  expect(csvFormat({ totals: true }).line(example)).toMatch(/,final,0,\n$/)
})

test('a group is quoted where it must be, and an empty one is not null', () => {
  const group = (text: string) =>
    csvFormat()
      .line({ ...example, group: text })
      .split(',')[3]
  expect(group('v1')).toBe('v1')
  expect(group('')).toBe('""')
  expect(group('a"b')).toBe('"a""b"')
  expect(csvFormat().line({ ...example, group: 'a,b\nc' })).toContain(',"a,b\nc",')
})

test('every result that is written is read back the same, in pieces of any size', () => {
  fc.assert(
    fc.property(fc.array(results, { maxLength: 5 }), fc.integer({ min: 1, max: 50 }), (written, size) => {
      const format = csvFormat({ sketches: true, totals: true })
      const text = format.header + written.map((result) => format.line(result)).join('')
      const reader = new CsvReader()
      const read = []
      for (let at = 0; at < text.length; at += size) read.push(...reader.push(text.slice(at, at + size)))
      expect([...read, ...reader.end()]).toEqual(written)
    }),
    { numRuns: 1_000 },
  )
})

test('CRLF and a last line without an end are read as well', () => {
  const format = csvFormat()
  const text = `${format.header}${format.line(example)}${format.line(example)}`.replaceAll('\n', '\r\n')
  const reader = new CsvReader()
  const read = [...reader.push(text.slice(0, -2)), ...reader.end()]
  expect(read).toEqual([example, example])
})

describe('CSV that no counter wrote is refused', () => {
  const line = csvFormat().line(example)
  it.each([
    ['bad-csv', 'window,start\n'],
    ['bad-csv', `${line}`],
    ['bad-csv', `${header}\n1m,a\n`],
    ['bad-csv', `${header}\n${line.replace('1m', '"1m"x')}`],
    ['bad-csv', `${header}\n${line.replace('1m', '1"m')}`],
    ['bad-csv', `${header}\n"1m,`],
    ['bad-field', `${header}\n${line.replace('16193', '')}`],
    ['bad-field', `${header}\n${line.replace('16193', '1e3')}`],
    ['bad-field', `${header}\n${line.replace('final', 'last')}`],
    ['bad-field', `${header}\n${line.replace('1m', '')}`],
    ['inconsistent', `${header}\n${line.replace('20480', '1')}`],
  ])('%s: %j', (code, text) => {
    const reader = new CsvReader()
    const read = () => [...reader.push(text), ...reader.end()]
    expect(read).toThrow(expect.objectContaining({ name: 'ResultsError', code }))
  })

  it('and any other text with ResultsError alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', '0') }), (text) => {
        const reader = new CsvReader()
        try {
          reader.push(`${header}\n${text}`)
          reader.end()
        } catch (error) {
          expect(error).toMatchObject({ name: 'ResultsError' })
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
