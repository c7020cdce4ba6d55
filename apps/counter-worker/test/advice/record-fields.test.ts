import type { FrameOptions, RecordParts } from '@card/frames'
import { describe, expect, test } from 'vitest'
import { advise } from '../../src/advice/advise.js'
import { fitSettings } from '../../src/advice/fit-settings.js'
import { SharedNames } from '../../src/advice/record-fields.js'
import { explain } from '../../src/explain/explain.js'
import { explanationText } from '../../src/explain/explanation-text.js'
import { settings } from '../settings/place-settings.js'

const defaults: FrameOptions = {
  input: 'records',
  key: 'uid',
  time: 'ts',
  timeUnit: 'auto',
  groupBy: null,
  maxLine: 1 << 20,
}
const time = Date.UTC(2016, 6, 11, 12)
const bytes = (text: string) => new TextEncoder().encode(text)

/** What is proposed for records of this value. */
function flags(value: string, options: Partial<FrameOptions> = {}, record?: RecordParts) {
  const lines = Array.from({ length: 5 }, () => bytes(value))
  return fitSettings(lines, { ...defaults, ...options }, record && lines.map(() => record)).fit?.flags ?? null
}

describe('settings that fit records', () => {
  const keyed = { key: bytes('u1'), timestamp: time }
  test.each<[string, string, Partial<FrameOptions>, RecordParts | undefined, string[] | null]>([
    ['bare ids are keys', 'u-17', {}, keyed, ['--key @value', '--time @timestamp']],
    ['bare ids under the right settings', 'u-17', { key: '@value', time: '@timestamp' }, keyed, []],
    ['a line of CSV is no id', 'u-17,1468244384', {}, keyed, null],
    ['frames without a time have that of their record', '{"uid":"a"}', {}, keyed, ['--time @timestamp']],
    ['where only the value is known, too', '{"uid":"a"}', {}, undefined, ['--time @timestamp']],
    ['frames without a key have that of their record', '{"ts":1468244384}', {}, keyed, ['--key @key']],
    ['unless it has none', '{"ts":1468244384}', {}, { key: null, timestamp: time }, null],
    [
      'a member called @timestamp is written so',
      '{"uid":"a","@timestamp":1468244384}',
      {},
      keyed,
      ["--time '\\@timestamp'"],
    ],
  ])('%s', (_, value, options, record, expected) => {
    expect(flags(value, options, record)).toEqual(expected)
  })

  test('of files are never their own fields: they have none', () => {
    expect(flags('u-17', { input: 'lines' })).toBeNull()
    expect(flags('{"uid":"a"}', { input: 'lines' })).toBeNull()
  })
})

test('records without keys are told of, and the member that would do', () => {
  const { remedies } = advise({
    options: { ...defaults, key: '@key' },
    rejected: { 'missing-key': 5 },
    sample: [
      { reason: 'missing-key', source: 't/0', offset: 0, line: bytes('{"user":"a","ts":1468244384}') },
    ],
    areRecords: true,
  })
  expect(remedies).toEqual([
    'the records have no key of their own, which --key @key takes',
    'try --key user: the rejected record would count',
  ])
})

describe('a member that is called as a record field is', () => {
  /** What is said of a batch of these values. */
  function said(options: Partial<FrameOptions>, ...values: string[]): string[] {
    const warnings: string[] = []
    const names = new SharedNames({ ...defaults, ...options }, (text) => warnings.push(text))
    const all = values.map(bytes)
    const start = Uint32Array.from(all, (_, i) =>
      all.slice(0, i).reduce((sum, { length }) => sum + length, 0),
    )
    const batch = {
      columns: { rows: all.length, start, length: Uint32Array.from(all, ({ length }) => length) },
      bytes: Buffer.concat(all),
    }
    names.look(batch)
    names.look(batch)
    return warnings
  }

  test('is warned of once, with the spelling that means it', () => {
    expect(said({ time: '@timestamp' }, '{"uid":"a"}', '{"@timestamp":1}', '{"@timestamp":2}')).toEqual([
      `records have a member "@timestamp", but --time @timestamp takes what the record itself has; for the member write --time '\\@timestamp'`,
    ])
    expect(said({ groupBy: '@key' }, '{"@key":1}')).toEqual([expect.stringContaining("--group-by '\\@key'")])
  })

  test('is no matter where it is not asked for, not at the root, or where lines are read', () => {
    expect(
      said({ time: '@timestamp' }, '{"@key":1}', '{"a":{"@timestamp":1}}', '["@timestamp"]', '@timestamp'),
    ).toEqual([])
    expect(said({ time: '\\@timestamp' }, '{"@timestamp":1}')).toEqual([])
    expect(said({ input: 'lines', time: '@timestamp' }, '{"@timestamp":1}')).toEqual([])
  })
})

describe('explain', () => {
  const values = ['a', 'b', 'a'].map((text, i) => ({
    partition: 0,
    bytes: bytes(text),
    record: { key: bytes(`k${i}`), timestamp: time + i * 1000 },
  }))
  const sample = (lines: typeof values) => ({
    limits: { lines: 10, bytes: 1000 },
    lines,
    sources: [{ name: 'ids/0', compression: null }],
    failure: null,
  })
  const topics = ['--brokers', 'h:1', '--topic', 'ids']

  test('counts bare ids by the fields of their records, and says how', () => {
    const found = explain(sample(values), settings(topics).values)
    expect(found).toMatchObject({
      counted: 0,
      countedWithFlags: 3,
      flags: ['--key @value', '--time @timestamp'],
      distinctKeys: 2,
      from: '2016-07-11T12:00:00.000Z',
      remedy: null,
    })
    const fitting = explain(
      sample(values),
      settings([...topics, ...found.flags!.flatMap((flag) => flag.split(' '))]).values,
    )
    expect(fitting).toMatchObject({ counted: 3, flags: [] })
  })

  test('warns of a member that is called as a field is', () => {
    const frame = { ...values[0]!, bytes: bytes('{"uid":"a","@timestamp":1}') }
    const found = explain(sample([frame]), settings([...topics, '--time', '@timestamp']).values)
    expect(explanationText(found)).toContain('records have a member "@timestamp"')
  })
})
