import { describe, expect, test } from 'vitest'
import { ProducerError } from '../../src/errors.js'
import { readCountOptions } from '../../src/options/count-options.js'
import { readGenerateOptions } from '../../src/options/generate-options.js'
import { readReplayOptions } from '../../src/options/replay-options.js'

const there = { topic: 't', brokers: 'h:1,[::1]:2' }

function problemsOf(read: () => unknown): string[] {
  try {
    read()
  } catch (error) {
    expect(error).toBeInstanceOf(ProducerError)
    return (error as ProducerError).message.split('\n')
  }
  return []
}

describe('problems are told all at once', () => {
  test.each([
    [() => readGenerateOptions({ topic: 't' }), ['--brokers']],
    [() => readGenerateOptions({ acks: '1', linger: '5ms' }), ['--linger', '--acks']],
    [() => readGenerateOptions({ topic: 'a/b', brokers: 'nohost' }), ['--topic', '--brokers']],
    [() => readGenerateOptions({ ...there, out: 'f', crlf: true }), ['--topic and --out', '--crlf']],
    [
      () => readGenerateOptions({ ...there, batchSize: '2MiB', linger: '0ms', acks: '2' }),
      ['--batch-size', '--linger', '--acks'],
    ],
    [() => readReplayOptions([], there), ['FILE']],
    [
      () => readReplayOptions(['f'], { rate: '1', speed: '1x' }),
      ['--topic', '--rate and --speed', '--brokers'],
    ],
    [() => readReplayOptions(['f'], { ...there, compression: 'rar', key: 'a.' }), ['--key', '--compression']],
    [() => readReplayOptions(['-', '-'], there), ['-']],
    [() => readReplayOptions(['f'], there, ['--bogus: expected none, found one']), ['--bogus']],
    [() => readCountOptions({}), ['--topic', '--brokers']],
  ])('%o names %j', (read, names) => {
    const problems = problemsOf(read)
    expect(problems.map((problem) => problem.slice(0, problem.indexOf(': expected ')))).toEqual(names)
  })
})

describe('sending', () => {
  test.each([
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
  ])('%j gives %j', (raw, expected) => {
    const target = { topic: 't', brokers: ['h:1', '[::1]:2'], ...expected }
    expect(readReplayOptions(['f'], { ...there, ...raw }).target).toMatchObject(target)
    expect(readGenerateOptions({ ...there, ...raw }).target).toMatchObject(target)
  })

  test('without --topic frames stay here', () => {
    expect(readGenerateOptions({}).target).toBeNull()
  })
})
