import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { ZstdDecoder } from '../src/codecs/zstd-decoder.js'
import {
  describeTopic,
  KafkaClient,
  KafkaIoError,
  KafkaSink,
  KafkaSource,
  loadKafkaSettings,
  prepareTopics,
  topicOffsets,
} from '../src/index.js'

/** What JavaScript lets through. */
// biome-ignore lint/suspicious/noExplicitAny: the point of these tests
type Anything = any

const client = new KafkaClient({ brokers: ['127.0.0.1:1'] }, { unreachableTimeout: 1 })
const source = (options: Anything) => KafkaSource.open(client, options)
const right = { topics: ['t'], from: 'earliest' }

async function refusal(work: () => unknown): Promise<KafkaIoError> {
  try {
    await work()
  } catch (error) {
    expect(error).toBeInstanceOf(KafkaIoError)
    return error as KafkaIoError
  }
  throw new Error('it was accepted')
}

describe('misuse that types would have caught is refused before anything is connected:', () => {
  test.each<[string, () => unknown, RegExp]>([
    [
      'brokers as a text',
      () => new KafkaClient({ brokers: 'a:1' } as Anything),
      /brokers: expected an array.*found "a:1"/,
    ],
    ['no brokers', () => new KafkaClient({ brokers: [] }), /brokers/],
    [
      'an address without a port',
      () => new KafkaClient({ brokers: ['a'] }),
      /host:port.*found "a" as item 0/,
    ],
    [
      'a mistyped mechanism, by what it is, without the password',
      () =>
        new KafkaClient({
          brokers: ['a:1'],
          sasl: { mechanism: 'plainn', username: 'u', password: 5 },
        } as Anything),
      /sasl: expected .*found "plainn" as mechanism, a number as password$/,
    ],
    [
      'a login without a password',
      () => new KafkaClient({ brokers: ['a:1'], sasl: { mechanism: 'plain', username: 'u' } } as Anything),
      /found no password$/,
    ],
    [
      'an environment that holds a number',
      () => loadKafkaSettings({ brokers: ['a:1'], env: { CARD_KAFKA_SASL_PASSWORD: 5 } } as Anything),
      /env: .*found a number as "CARD_KAFKA_SASL_PASSWORD"$/,
    ],
    ['no settings', () => new (KafkaClient as Anything)(), /settings to be an object, found undefined/],
    [
      'a mistyped setting',
      () => new KafkaClient({ brokers: ['a:1'], ssl: true } as Anything),
      /settings\.ssl is unknown/,
    ],
    [
      'an unknown mechanism',
      () =>
        new KafkaClient({
          brokers: ['a:1'],
          sasl: { mechanism: 'oauth', username: 'u', password: 'p' },
        } as Anything),
      /sasl/,
    ],
    [
      'a mistyped option',
      () => new KafkaClient({ brokers: ['a:1'] }, { timeout: 1 } as Anything),
      /timeout is unknown; known are unreachableTimeout/,
    ],
    [
      'a time as a text',
      () => new KafkaClient({ brokers: ['a:1'] }, { unreachableTimeout: '30s' } as Anything),
      /unreachableTimeout: expected a whole number.*found "30s"/,
    ],
    ['sources without brokers', () => loadKafkaSettings({} as Anything), /brokers is missing/],
    [
      'brokers of sources as a text',
      () => loadKafkaSettings({ brokers: 'a:1' } as Anything),
      /brokers: expected an array, found "a:1"/,
    ],
    [
      'from: start',
      () => source({ ...right, from: 'start' }),
      /from: expected "earliest" or "latest" or a whole number.*found "start"/,
    ],
    ['no from', () => source({ topics: ['t'] }), /from is missing/],
    ['topics as a text', () => source({ ...right, topics: 't' }), /topics: expected an array/],
    [
      'topic for topics',
      () => source({ topic: 't', from: 'earliest' }),
      /topics is missing[\s\S]*topic is unknown/,
    ],
    ['until: now', () => source({ ...right, until: 'now' }), /until/],
    ['records: rows', () => source({ ...right, records: 'rows' }), /"columns" or "sections"/],
    ['a group and partitions', () => source({ ...right, group: 'g', partitions: { t: [0] } }), /not both/],
    ['no options', () => source(undefined), /options to be an object/],
    ['no client', () => KafkaSource.open({} as Anything, right as Anything), /KafkaClient/],
    [
      'brotli',
      () => KafkaSink.open(client, { compression: 'brotli' } as Anything),
      /compression: expected "none" or "gzip" or a compressor of @card\/kafka-io\/compression, found "brotli"/,
    ],
    [
      'a compressor by its name',
      () => KafkaSink.open(client, { compression: 'lz4' } as Anything),
      /compressor of @card\/kafka-io\/compression, found "lz4"/,
    ],
    [
      'a compressor of no known codec',
      () =>
        KafkaSink.open(client, { compression: { codec: 'none', load: async () => () => {} } } as Anything),
      /compression: expected/,
    ],
    [
      'acks: all',
      () => KafkaSink.open(client, { acks: 'all' } as Anything),
      /acks: expected -1 or 0 or 1, found "all"/,
    ],
    [
      'a mistyped option of a sink',
      () => KafkaSink.open(client, { codec: 'lz4' } as Anything),
      /codec is unknown/,
    ],
    ['a plan for a name', () => describeTopic(client, { topic: 't' } as Anything), /topic: expected a text/],
    ['no name', () => topicOffsets(client, '' as Anything), /topic: expected a text/],
    ['a single plan', () => prepareTopics(client, { topic: 't' } as Anything), /plans: expected an array/],
    [
      'a mistyped plan',
      () => prepareTopics(client, [{ topic: 't', partition: 3 } as Anything]),
      /partition is unknown/,
    ],
    ['no plan', () => prepareTopics(client, [null as Anything]), /object, found null/],
    ['a mistyped option of a decoder', () => new ZstdDecoder({ window: 1 } as Anything), /window is unknown/],
    ['a number for options', () => new ZstdDecoder(7 as Anything), /object, found 7/],
    [
      'a text to decode',
      () => [...new ZstdDecoder().decode('x' as Anything)],
      /chunk: expected a Uint8Array/,
    ],
  ])('%s', async (_name, work, message) => {
    const { code, message: found } = await refusal(work)
    expect([code, found]).toEqual(['bad-settings', expect.stringMatching(message)])
  })

  test('every problem of the options is named at once', async () => {
    const { message } = await refusal(() => source({ topics: [], from: 'start', groups: 'g' }))
    expect(message.split('\n- ')).toHaveLength(4)
  })
})

test('an error names what it found without printing it', async () => {
  const bytes = new Uint8Array(2_000_000).fill(65)
  for (const value of [bytes, 'x'.repeat(2_000_000), Array.from({ length: 500_000 }, () => 'x')]) {
    const error = await refusal(() => source({ topics: value, from: value, group: value }))
    expect(inspect(error).length).toBeLessThan(5000)
    expect(error.message.length).toBeLessThan(2000)
  }
})
