import { expect, test } from 'vitest'
import { KafkaClient, KafkaTransactions } from '../../src/index.js'
import { Connections } from '../../src/transaction/connections.js'
import { TransactionalProducer } from '../../src/transaction/transactional-producer.js'

/** What JavaScript lets through. */
// biome-ignore lint/suspicious/noExplicitAny: the point of these tests
type Anything = any

// Nothing is ever connected: what is refused is refused before that.
const client = Object.assign(new KafkaClient({ brokers: ['127.0.0.1:1'] }), { untilReached: async () => {} })
const transactions = await KafkaTransactions.open(client as Anything)
const producer = new TransactionalProducer(
  'id',
  client as Anything,
  new Connections(client as Anything),
  2,
  {},
)
const fence = (id: Anything, options?: Anything) => transactions.fence(id, options)
const readSettled = (options: Anything, take: Anything = () => {}) => transactions.readSettled(options, take)
const send = (...records: Anything[]) => producer.send(records)
const right = { topic: 't', partition: 0, key: 'k', value: 'v' }

test.each<[string, () => Promise<unknown>, RegExp]>([
  [
    'no client',
    () => KafkaTransactions.open({} as Anything),
    /KafkaTransactions.open: expected a KafkaClient/,
  ],
  ['no id', () => fence(undefined), /id: expected a text that is not empty, found undefined/],
  ['an empty id', () => fence(''), /id: expected a text that is not empty, found ""/],
  ['a number for an id', () => fence(3), /id: expected a text/],
  [
    'a mistyped option',
    () => fence('id', { timeout: 1 }),
    /timeout is unknown; known are transactionTimeout, /,
  ],
  [
    'a time as a text',
    () => fence('id', { transactionTimeout: '30s' }),
    /transactionTimeout: expected a whole/,
  ],
  ['no time at all', () => fence('id', { transactionTimeout: 0 }), /transactionTimeout: expected a whole/],
  ['a batch without room for a record', () => fence('id', { maxBatchBytes: 61 }), /maxBatchBytes: .*from 62/],
  [
    'a controller for its signal',
    () => fence('id', { signal: new AbortController() }),
    /signal: expected an AbortS/,
  ],
  ['null for options', () => fence('id', null), /options to be an object, found null/],
  ['no topic to ask for', () => transactions.partitionsOf('' as Anything), /topic: expected a text/],
  ['nothing to read back', () => readSettled(undefined), /options to be an object, found undefined/],
  [
    'a partition that is no number',
    () => readSettled({ topic: 't', partition: '0' }),
    /partition: .*found "0"/,
  ],
  [
    'a part of a partition',
    () => readSettled({ topic: 't', partition: 0.5 }),
    /partition: expected a whole number/,
  ],
  ['no partition', () => readSettled({ topic: 't' }), /partition is missing/],
  [
    'keys for a function',
    () => readSettled({ topic: 't', partition: 0, wants: ['a'] }),
    /wants: expected a function, found an array of 1/,
  ],
  [
    'nobody to take',
    () => transactions.readSettled({ topic: 't', partition: 0 }, undefined as Anything),
    /take: expected a function/,
  ],
  ['one record for several', () => producer.send(right as Anything), /records: expected an array/],
  ['no record', () => send(null), /records\[0\] to be an object, found null/],
  ['a record that comes second', () => send(right, { ...right, value: 7 }), /records\[1\]\.value: .*found 7/],
  ['a record without a topic', () => send({ partition: 0, value: 'v' }), /records\[0\]\.topic is missing/],
  ['an empty topic', () => send({ ...right, topic: '' }), /records\[0\]\.topic: expected a text/],
  [
    'a record without a partition',
    () => send({ topic: 't', value: 'v' }),
    /records\[0\]\.partition is missing/,
  ],
  ['a partition below zero', () => send({ ...right, partition: -1 }), /records\[0\]\.partition: .*found -1/],
  ['a partition beyond 32 bits', () => send({ ...right, partition: 2 ** 31 }), /partition: expected a whole/],
  ['a record without a value', () => send({ topic: 't', partition: 0 }), /records\[0\]\.value is missing/],
  ['a key that is a number', () => send({ ...right, key: 1 }), /records\[0\]\.key: .*found 1/],
  ['a date for a timestamp', () => send({ ...right, timestamp: new Date() }), /timestamp: .*found a Date/],
  ['a header that is a number', () => send({ ...right, headers: { a: 1 } }), /headers: expected an object/],
  ['a mistyped member', () => send({ ...right, ts: 1 }), /records\[0\]\.ts is unknown; known are topic, /],
])('%s is refused before anything is sent', async (_name, work, message) => {
  await expect(work()).rejects.toMatchObject({
    code: 'bad-settings',
    message: expect.stringMatching(message),
  })
  expect(producer.isOpen).toBe(false)
})
