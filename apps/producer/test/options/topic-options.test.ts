import { describe, expect, test } from 'vitest'
import { readCountOptions } from '../../src/options/count-options.js'
import { readReplayOptions } from '../../src/options/replay-options.js'
import { type Flags, flagSources, generateOptions, problemsOf } from './sources.js'

const there = { topic: 't', brokers: 'h:1,[::1]:2' }
const replayOptions = (files: string[], flags: Flags) => readReplayOptions(flagSources(flags, files))

describe('problems are told all at once', () => {
  test.each([
    [() => generateOptions({ topic: 't' }), ['--brokers: expected']],
    [() => generateOptions({ acks: '1', linger: '5ms' }), ['--linger 5ms needs', '--acks 1 needs']],
    [
      () => generateOptions({ topic: 'a/b', brokers: 'nohost' }),
      ['--topic: expected', '--brokers: expected'],
    ],
    [
      () => generateOptions({ ...there, out: 'f', crlf: true }),
      ['--topic t and --out f both', '--crlf ends lines'],
    ],
    [
      () => generateOptions({ ...there, batchSize: '2MiB', linger: '0ms', acks: '2' }),
      ['--batch-size: expected', '--linger: expected', '--acks: expected'],
    ],
    [() => replayOptions([], there), ['FILE: expected']],
    [
      () => replayOptions(['f'], { rate: '1', speed: '1x' }),
      ['--rate 1 and --speed 1x both', '--topic: expected', '--brokers: expected'],
    ],
    [
      () => replayOptions(['f'], { ...there, compression: 'rar', key: 'a.' }),
      ['--key: expected', '--compression: expected'],
    ],
    [() => replayOptions(['-', '-'], there), ['-: expected']],
    [() => readCountOptions(flagSources({})), ['--topic: expected', '--brokers: expected']],
  ])('%o names %j', (read, beginnings) => {
    const problems = problemsOf(read)
    expect(problems).toEqual(beginnings.map((text) => expect.stringMatching(`^${text}`)))
  })
})

describe('sending', () => {
  test.each<[Flags, object]>([
    [{}, { compression: 'lz4', batchSize: 500_000, linger: 100, acks: -1, keyed: true }],
    [{ profile: 'latency' }, { compression: 'none', batchSize: 16_384, linger: 5 }],
    [
      { profile: 'latency', linger: '1s', compression: 'gzip' },
      { linger: 1000, compression: 'gzip', batchSize: 16_384 },
    ],
    [
      { batchSize: '64KiB', acks: '0', partitionBy: 'none', partitions: '4' },
      { batchSize: 65_536, acks: 0, keyed: false, partitions: 4 },
    ],
  ])('%j gives %j', (raw: Flags, expected) => {
    const target = { topic: 't', brokers: ['h:1', '[::1]:2'], ...expected }
    expect(replayOptions(['f'], { ...there, ...raw }).target).toMatchObject(target)
    expect(generateOptions({ ...there, ...raw }).target).toMatchObject(target)
  })

  test('without --topic frames stay here', () => {
    expect(generateOptions({}).target).toBeNull()
  })
})
