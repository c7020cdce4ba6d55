import { parseResult, resultKey } from '@card/results'
import { expect, test } from 'vitest'
import { resultFormat, topicFormat } from '../src/output/result-format.js'
import { resultRecords } from '../src/output/topic-writer.js'
import { countInProcess, countingFor } from './count-in-process.js'

function written(flags: readonly string[], times: readonly string[]) {
  const input = times.map((ts, i) => `{"uid":"u${i}","ts":"${ts}"}\n`).join('')
  const words = ['--time-unit', 'iso', '--max-ahead', 'off', '--lateness', '1d', ...flags]
  const { results } = countInProcess(words, Buffer.from(input), 1_000)
  const { values } = countingFor(words)
  return { results, values, lines: results.map((result) => resultFormat(values).line(result)) }
}

const starts = (lines: readonly string[]) =>
  lines.map((line) => /"start":"(.*?)","end":"(.*?)"/.exec(line)!.slice(1))

test('both passes of a repeated hour have their own offset', () => {
  const { lines, results } = written(
    ['--windows', '1h', '--times', 'local', '--timezone', 'Europe/Berlin'],
    ['2016-10-29T23:30:00Z', '2016-10-30T00:30:00Z', '2016-10-30T01:30:00Z'],
  )
  expect(starts(lines)).toEqual([
    ['2016-10-30T01:00:00.000+02:00', '2016-10-30T02:00:00.000+02:00'],
    ['2016-10-30T02:00:00.000+02:00', '2016-10-30T02:00:00.000+01:00'],
    ['2016-10-30T02:00:00.000+01:00', '2016-10-30T03:00:00.000+01:00'],
  ])
  expect(lines.map(parseResult)).toEqual(results)
})

test('days of 23 and 25 hours begin and end at local midnight, or when the clocks skip it', () => {
  const days = (zone: string, time: string) =>
    starts(written(['--windows', '1d', '--times', 'local', '--timezone', zone], [time]).lines)[0]
  expect(days('Europe/Berlin', '2016-03-27T12:00:00Z')).toEqual([
    '2016-03-27T00:00:00.000+01:00',
    '2016-03-28T00:00:00.000+02:00',
  ])
  expect(days('America/Sao_Paulo', '2018-11-04T12:00:00Z')).toEqual([
    '2018-11-04T01:00:00.000-02:00',
    '2018-11-05T00:00:00.000-02:00',
  ])
})

test('offsets of before standard time have seconds', () => {
  const flags = ['--windows', '1d', '--times', 'local', '--timezone', 'Europe/Amsterdam']
  const { lines, results } = written(flags, ['1890-06-01T12:00:00Z'])
  expect(starts(lines)[0]![0]).toMatch(/^1890-06-01T00:00:00\.000\+00:(19:32|17:30)$/)
  expect(lines.map(parseResult)).toEqual(results)
})

test('the value of a record has local times, its key those of UTC', () => {
  const flags = ['--windows', '1m', '--times', 'local', '--timezone', 'Asia/Tokyo']
  const { results, values } = written(flags, ['2016-07-11T13:39:00Z'])
  const record = resultRecords(topicFormat(values))(results[0]!)
  expect(record).toMatchObject({
    key: '["1m","2016-07-11T13:39:00.000Z",null]',
    headers: { pane: 'final', revision: '0' },
  })
  expect(record.key).toBe(resultKey(results[0]!))
  expect(record.value).toMatch(/^\{"window":"1m","start":"2016-07-11T22:39:00\.000\+09:00".*\}$/)
})

test('--timezone without calendar sizes needs --times local', () => {
  expect(() => countingFor(['--timezone', 'Asia/Tokyo'])).toThrow('--times local')
  expect(() => countingFor(['--timezone', 'Asia/Tokyo', '--times', 'local'])).not.toThrow()
})

test('CSV and tables have local times, too', () => {
  const flags = ['--windows', '1m', '--times', 'local', '--timezone', 'Asia/Tokyo']
  const time = ['2016-07-11T13:39:00Z']
  expect(written([...flags, '--format', 'csv'], time).lines[0]).toMatch(
    /^1m,2016-07-11T22:39:00\.000\+09:00,/,
  )
  expect(written([...flags, '--format', 'table'], time).lines[0]).toMatch(/ 2016-07-11 22:39:00 \+09:00 /)
})
