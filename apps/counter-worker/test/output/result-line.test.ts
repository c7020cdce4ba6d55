import { expect, test } from 'vitest'
import { type Result, resultFormat } from '../../src/output/result-line.js'

const result: Result = {
  window: '1m',
  start: Date.UTC(2016, 6, 11, 13, 39),
  end: Date.UTC(2016, 6, 11, 13, 40),
  group: null,
  count: 16193,
  lower: 16193,
  upper: 16193,
  estimator: 'exact',
  events: 20480,
  pane: 'final',
  revision: 0,
}

test('an NDJSON line has the fields of the contract in their order', () => {
  expect(resultFormat('ndjson', false).line(result)).toBe(
    '{"window":"1m","start":"2016-07-11T13:39:00.000Z","end":"2016-07-11T13:40:00.000Z","group":null,"count":16193,"lower":16193,"upper":16193,"confidence":0.95,"estimator":"exact","events":20480,"pane":"final","revision":0}\n',
  )
  expect(resultFormat('ndjson', true).line({ ...result, sketch: 'AAEC' })).toMatch(
    /"revision":0,"sketch":"AAEC"\}\n$/,
  )
})

test('CSV has a header, null is empty, and a group is quoted where it must be', () => {
  const csv = resultFormat('csv', true)
  expect(csv.header).toBe(
    'window,start,end,group,count,lower,upper,confidence,estimator,events,pane,revision,sketch\n',
  )
  expect(csv.line({ ...result, sketch: 'AAEC' })).toBe(
    '1m,2016-07-11T13:39:00.000Z,2016-07-11T13:40:00.000Z,,16193,16193,16193,0.95,exact,20480,final,0,AAEC\n',
  )
  const group = (text: string) =>
    resultFormat('csv', false)
      .line({ ...result, group: text })
      .split(',')[3]
  expect(group('v1')).toBe('v1')
  expect(group('')).toBe('""')
  expect(group('a"b')).toBe('"a""b"')
  expect(resultFormat('csv', false).line({ ...result, group: 'a,b\nc' })).toContain(',"a,b\nc",')
})
