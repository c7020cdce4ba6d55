import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { flagOf, keyOf, type OptionTable, readCommandLine, variableOf } from '@card/app-kit'
import { type OptionSample, optionContract } from '@card/testing/option-contract'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { describe, expect, test } from 'vitest'
import { program, sourcesOf } from '../../src/commands/program.js'
import { countTable, settleCount } from '../../src/options/count-options.js'
import { settleGenerate } from '../../src/options/generate-options.js'
import { generateTable } from '../../src/options/generate-table.js'
import { replayTable, settleReplay } from '../../src/options/replay-options.js'
import type { connectionOptions, sendingOptions } from '../../src/options/topic-options.js'

const folder = temporaryFolder('producer-options')
const switches = { good: 'true', bad: 'yes' }
const there = { topic: 't', brokers: 'h:1' }

const connection: Record<keyof typeof connectionOptions, OptionSample> = {
  brokers: { good: 'h:1,[::1]:2', bad: 'h', beside: { topic: 't' } },
  kafkaConfig: { good: 'kafka.json', bad: '', beside: there },
}

const sending: Record<keyof typeof sendingOptions, OptionSample> = {
  partitions: { good: '4', bad: '0', beside: there },
  partitionBy: { good: 'none', bad: 'uid', beside: there },
  profile: { good: 'latency', bad: 'speed', beside: there },
  compression: { good: 'gzip', bad: 'rar', beside: there },
  batchSize: { good: '64KiB', bad: '2MiB', beside: there },
  linger: { good: '5ms', bad: '0ms', beside: there },
  acks: { good: '1', bad: '2', beside: there },
}

const generate: Record<keyof typeof generateTable, OptionSample> = {
  frames: { good: '5', bad: '-1' },
  seconds: { good: '2.5', bad: '1e3' },
  rate: { good: '10', bad: '0' },
  start: { good: '2016-07-11', bad: 'yesterday' },
  lineLength: { good: '4KiB', bad: '63' },
  keyShapes: { good: 'fresh', bad: 'odd' },
  crlf: switches,
  users: { good: '7', bad: '1.5' },
  keySkew: { good: 'zipf:1.2', bad: 'zipf' },
  groups: { good: '2', bad: 'x' },
  groupField: { good: 'clip', bad: 'a.b', beside: { groups: '2' } },
  groupSkew: { good: 'zipf:1', bad: 'zipf:0', beside: { groups: '2' } },
  groupless: { good: '5%', bad: '101', beside: { groups: '2' } },
  lateProbability: { good: '1', bad: '-1' },
  lateMax: { good: '9', bad: '0', beside: { lateProbability: '1' } },
  flipProbability: { good: '1', bad: '200' },
  malformed: { good: 'blank=1', bad: 'rude=1' },
  maxLine: { good: '2MiB', bad: '1' },
  duplicates: { good: '0.1%', bad: 'x' },
  seed: { good: '3', bad: '4294967296' },
  pace: { good: '10x', bad: '10' },
  out: { good: 'f', bad: '' },
  topic: { good: 't', bad: 'a/b', beside: { brokers: 'h:1' } },
  truth: { good: 'f', bad: '-' },
  truthWindows: { good: '1m', bad: '2w', beside: { truth: 'f' } },
  ...connection,
  ...sending,
}

const replay: Record<keyof typeof replayTable, OptionSample> = {
  rate: { good: '5', bad: '0', beside: there },
  speed: { good: '1x', bad: '1', beside: there },
  key: { good: 'user.id', bad: 'a.', beside: there },
  time: { good: 'at', bad: '', beside: there },
  timeUnit: { good: 'ms', bad: 'hours', beside: there },
  topic: { good: 't', bad: '..', beside: { brokers: 'h:1' } },
  ...connection,
  ...sending,
}

const count: Record<keyof typeof countTable, OptionSample> = {
  topic: { good: 't', bad: 'ü', beside: { brokers: 'h:1' } },
  ...connection,
  exact: { ...switches, beside: there },
}

let files = 0

describe.each([
  {
    name: 'generate',
    table: generateTable as OptionTable,
    samples: generate,
    operands: [],
    settle: settleGenerate,
  },
  {
    name: 'replay',
    table: replayTable as OptionTable,
    samples: replay,
    operands: ['f'],
    settle: settleReplay,
  },
  { name: 'count', table: countTable as OptionTable, samples: count, operands: [], settle: settleCount },
])('producer $name', ({ name, table, samples, operands, settle }) => {
  optionContract({
    samples,
    flagOf,
    keyOf,
    variableOf: (option) => variableOf('CARD_PRODUCER_', option),
    read({ flags, variables, file }) {
      const words = Object.entries(flags).map(([option, text]) => {
        const isOn = table[option]!.argument === null && text === 'true'
        return isOn ? flagOf(option) : `${flagOf(option)}=${text}`
      })
      const environment = Object.fromEntries(
        Object.entries(variables).map(([option, text]) => [variableOf('CARD_PRODUCER_', option), text]),
      )
      const path = join(folder, `${files++}.json`)
      const keys = Object.entries(file).map(([option, text]) => [keyOf(option), text])
      writeFileSync(path, JSON.stringify(Object.fromEntries(keys)))
      const { given } = readCommandLine(program, [name, ...words, '--config', path, ...operands])!
      return settle(sourcesOf(given, environment)).values
    },
  })

  test('there is a sample for every option', () => {
    expect(Object.keys(samples).sort()).toEqual(Object.keys(table).sort())
  })
})

test('a variable of another command is left alone, an unknown one is refused with 78', () => {
  const { given } = readCommandLine(program, ['count', '--topic', 't', '--brokers', 'h:1'])!
  expect(settleCount(sourcesOf(given, { CARD_PRODUCER_SEED: '5', CARD_WINDOWS: '1m' })).values.topic).toBe(
    't',
  )
  const unknown = () => settleCount(sourcesOf(given, { CARD_PRODUCER_TOPICS: 'x' }))
  expect(unknown).toThrow('unknown variable CARD_PRODUCER_TOPICS (did you mean "CARD_PRODUCER_TOPIC"?)')
})
