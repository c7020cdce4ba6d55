import { flagOf, keyOf, variableOf } from '@card/app-kit'
import { type OptionSample, optionContract } from '@card/testing/option-contract'
import { expect, test } from 'vitest'
import { type OptionName, optionTable } from '../../src/settings/option-table.js'
import { configFile, settings } from './place-settings.js'

const topics = { brokers: 'h:1', topic: 'likes' }
const switches = { good: 'true', bad: 'yes' }

const samples: Record<OptionName, OptionSample> = {
  brokers: { good: 'h:1,[::1]:2', bad: 'h', beside: { topic: 'likes' } },
  topic: { good: 'likes', bad: 'a b', beside: { brokers: 'h:1' } },
  group: { good: 'g', bad: ' ', beside: topics },
  from: { good: '2016-07-11T13:39:00Z', bad: 'yesterday', beside: topics },
  state: { good: 's', bad: 'a b', beside: topics },
  'checkpoint-interval': { good: '5s', bad: 'never', beside: { ...topics, state: 's' } },
  'session-timeout': { good: '6s', bad: '6', beside: { ...topics, group: 'g' } },
  'state-replication': { good: '3', bad: '0', beside: { ...topics, state: 's' } },
  until: { good: 'end', bad: 'now', beside: topics },
  'kafka-config': { good: 'kafka.json', bad: '', beside: topics },
  json: { good: 'trusted', bad: 'trustd' },
  key: { good: 'user.id', bad: 'a..b' },
  time: { good: 'at', bad: '.' },
  'time-unit': { good: 'iso', bad: 'hours' },
  'group-by': { good: 'video', bad: '' },
  'max-groups': { good: '7', bad: '0', beside: { 'group-by': 'video' } },
  'group-overflow': { good: 'reject', bad: 'drop', beside: { 'group-by': 'video' } },
  totals: switches,
  'max-rejects': { good: '1%', bad: '101' },
  'max-line': { good: '64KiB', bad: '1KiBB' },
  threads: { good: '4', bad: '65' },
  windows: { good: '5m,1d', bad: '2d' },
  rolling: { good: '60m/1m', bad: '1m/1m' },
  timezone: { good: 'Europe/Berlin', bad: 'Mars/Base', beside: { windows: '1d' } },
  'out-of-order': { good: '3s', bad: 'off' },
  lateness: { good: '1w', bad: '1.5s' },
  'max-ahead': { good: 'off', bad: '0s' },
  'idle-timeout': { good: '3s', bad: 'never', beside: topics },
  early: { good: '500ms', bad: '30d' },
  estimator: { good: 'hll', bad: 'hyperloglog' },
  'exact-limit': { good: '5', bad: '0' },
  precision: { good: '12', bad: '99' },
  error: { good: '1.5%', bad: '51' },
  expected: { good: '5', bad: '1e3', beside: { estimator: 'linear' } },
  format: { good: 'csv', bad: 'tsv' },
  times: { good: 'local', bad: 'here' },
  sketches: switches,
  'out-topic': { good: 'users.{window}', bad: 'users.{size}', beside: topics },
  print: { ...switches, beside: { ...topics, 'out-topic': 'users' } },
  'rejects-topic': { good: 'bad', bad: '..', beside: topics },
  'late-topic': { good: 'late', bad: 'ü', beside: topics },
  'rejects-file': { good: 'bad.jsonl', bad: '' },
  'late-file': { good: 'late.jsonl', bad: '-' },
  summary: { good: 'sums.json', bad: '' },
  http: { good: '[::1]:0', bad: 'localhost' },
  'log-level': { good: 'debug', bad: 'verbose' },
  'log-format': { good: 'text', bad: 'xml' },
}

let files = 0

optionContract({
  samples,
  flagOf,
  keyOf,
  variableOf: (name) => variableOf('CARD_', name),
  read({ flags, variables, file }) {
    const words = Object.entries(flags).map(([name, text]) => `--${name}=${text}`)
    // A flag of a switch takes no text, so that its bad value is none.
    const given = words.map((word) => word.replace(/^(--(?:totals|print|sketches))=true$/, '$1'))
    const environment = Object.fromEntries(
      Object.entries(variables).map(([name, text]) => [variableOf('CARD_', name), text]),
    )
    const path = configFile(`contract-${files++}.json`, JSON.stringify(file))
    return settings([...given, '--config', path], environment).values
  },
})

test('there is a sample for every option', () => {
  expect(Object.keys(samples).sort()).toEqual(Object.keys(optionTable).sort())
})
