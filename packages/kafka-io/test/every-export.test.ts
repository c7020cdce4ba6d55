import { anyBut, misuseContract, type Parameter } from '@card/testing/misuse-contract'
import * as compression from '../src/codecs/compressors.js'
import { ZstdDecoder } from '../src/codecs/zstd-decoder.js'
import * as api from '../src/index.js'
import { Connections } from '../src/transaction/connections.js'
import { TransactionalProducer } from '../src/transaction/transactional-producer.js'

// Nothing is ever connected: what is refused is refused before that.
const settings = { brokers: ['127.0.0.1:1'] }
const client = () => new api.KafkaClient(settings, { unreachableTimeout: 1 })
const unreached = Object.assign(client(), { untilReached: async () => {} })
const transactions = await api.KafkaTransactions.open(unreached as never)
const producer = () =>
  new TransactionalProducer('id', unreached as never, new Connections(unreached as never), 2, {})
/** One that was never started, which only TypeScript forbids. */
const source = (options: object) =>
  Reflect.construct(api.KafkaSource, [
    unreached,
    { topics: ['t'], from: 'earliest', ...options },
  ]) as api.KafkaSource
const alone = source({})
const inGroup = source({ group: 'g' })
const sink = Reflect.construct(api.KafkaSink, [unreached, {}, 0]) as api.KafkaSink

const partition = { topic: 't', partition: 0 }
const aClient: Parameter = { right: client }
const topic: Parameter = { right: () => '', takes: [] }
const topicName: Parameter = { right: () => 't', takes: ["'x'"] }
const aPartition: Parameter = { right: () => partition }
const partitions: Parameter = { right: () => [], takes: ['[]'] }
const optional: Parameter = { right: () => ({ wrong: true }) }
const callback: Parameter = { right: () => () => undefined, takes: ['a function'] }
const columns: Parameter = {
  right: () => ({
    rows: 8,
    payload: new Uint8Array(8),
    keyStart: new Uint32Array(8),
    keyLength: new Int32Array(8),
    valueStart: new Uint32Array(8),
    valueLength: new Int32Array(8),
  }),
}
const row: Parameter = { right: () => 0, takes: ['5'] }
/** What is right is `wrong`, so that no call is ever sent: each is refused by the argument that is looked at first. */
const text: Parameter = { right: () => undefined }

const isEmpty = (value: object | undefined) =>
  value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)

const refusedBeforeConnecting = {
  describeTopic: { parameters: [aClient] },
  topicOffsets: { parameters: [aClient] },
  prepareTopics: { parameters: [aClient] },
  'the topic of describeTopic': {
    call: (name: string) => api.describeTopic(client(), name === 'x' ? '' : name),
    parameters: [topic],
  },
  'the topic of topicOffsets': {
    call: (name: string) => api.topicOffsets(client(), name === 'x' ? '' : name),
    parameters: [topic],
  },
  'the plans of prepareTopics': {
    call: (plans: never) => api.prepareTopics(unreached as never, [plans]),
    parameters: [optional],
  },
  'the client of KafkaSource.open': {
    call: (value: never) => api.KafkaSource.open(value, { topics: ['t'], from: 'earliest' }),
    parameters: [aClient],
  },
  'the options of KafkaSource.open': {
    call: (value: never) => api.KafkaSource.open(client(), value),
    parameters: [optional],
  },
  'the client of KafkaSink.open': {
    call: (value: never) => api.KafkaSink.open(value),
    parameters: [aClient],
  },
  'the client of KafkaTransactions.open': {
    call: (value: never) => api.KafkaTransactions.open(value),
    parameters: [aClient],
  },
  'the records of KafkaSink.send': {
    call: (value: never) => sink.send('t', value),
    parameters: [{ right: () => [], takes: ['[]'] as const }],
  },
  'the topic of KafkaSink.send': {
    call: (value: never) => sink.send(value, []),
    parameters: [{ right: () => 't', takes: ["'x'"] as const }],
  },
  'the id of KafkaTransactions.fence': {
    call: (value: string) => transactions.fence(value === 'x' ? '' : value),
    parameters: [text],
  },
  'the options of KafkaTransactions.fence': {
    // There are no options that must be there.
    call: (value: object) => transactions.fence('id', isEmpty(value) ? (null as never) : value),
    parameters: [optional],
  },
  'the topic of KafkaTransactions.partitionsOf': {
    call: (value: string) => transactions.partitionsOf(value === 'x' ? '' : value),
    parameters: [text],
  },
  'the topic of KafkaTransactions.topicId': {
    call: (value: string) => transactions.topicId(value === 'x' ? '' : value),
    parameters: [text],
  },
  'the partitions of KafkaTransactions.offsets': {
    call: (value: never) => transactions.offsets('t', [value ?? -1, -1]),
    parameters: [optional],
  },
  'the partitions of KafkaTransactions.deleteRecords': {
    call: (value: never) => transactions.deleteRecords('t', [value]),
    parameters: [optional],
  },
  'the options of KafkaTransactions.readSettled': {
    call: (value: never) => transactions.readSettled(value, () => {}),
    parameters: [optional],
  },
  'the records of TransactionalProducer.send': {
    call: (value: never) => producer().send([value]),
    parameters: [optional],
  },
}

misuseContract({
  api: { ...api, ...compression, ZstdDecoder },
  refusal: api.KafkaIoError,
  internal: [
    // What these take is called below by what it is, since a call that is right would connect.
    ...['KafkaSource.open', 'KafkaSource', 'KafkaSink.open', 'KafkaSink', 'KafkaSink#send'],
    ...['KafkaTransactions.open', 'KafkaTransactions', 'KafkaTransactions#fence'],
    ...['KafkaTransactions#partitionsOf', 'KafkaTransactions#readSettled', 'KafkaTransactions#topicId'],
    ...['KafkaTransactions#offsets', 'KafkaTransactions#deleteRecords'],
    // These take nothing, and are tried on a broker.
    ...['#next', '#return', '#close', '#status', '#check'],
    '#fetchCommitted',
    ...['#explain', '#noteReachable', '#noteUnreachable', '#unreachable'],
  ],
  calls: {
    ...refusedBeforeConnecting,
    KafkaClient: {
      parameters: [{ right: () => settings }, { right: () => ({}), takes: ['undefined', '{}'] }],
    },
    'KafkaClient#kafka': { on: client, parameters: [{ right: () => ({}), takes: ['undefined', '{}'] }] },
    'KafkaClient#admin': { on: () => unreached, parameters: [callback] },
    'KafkaClient#untilReached': { on: client, parameters: [callback] },
    'KafkaSource#pause': { on: () => alone, parameters: [partitions] },
    'KafkaSource#resume': { on: () => alone, parameters: [partitions] },
    'KafkaSource#highWatermarks': { on: () => alone, parameters: [partitions] },
    'KafkaSource#reopen': { on: () => alone, parameters: [aPartition, row] },
    'KafkaSource#generationOf': { on: () => alone, parameters: [aPartition] },
    'KafkaSource#startOf': { on: () => alone, parameters: [aPartition] },
    'KafkaSource#topicIdOf': { on: () => alone, parameters: [topicName] },
    // A generation that is not the group's is stale.
    'KafkaSource#heartbeat': { on: () => inGroup, parameters: [row] },
    'KafkaSource#commitOffsets': { on: () => inGroup, parameters: [partitions, row] },
    'a partition of KafkaSource.fetchCommitted': {
      call: (value) => inGroup.fetchCommitted([value]),
      parameters: [optional],
    },
    ZstdDecoder: { parameters: [{ right: () => ({}), takes: ['undefined', '{}'] }] },
    // A generator refuses when its first piece is asked for.
    'ZstdDecoder#decode': { on: () => new ZstdDecoder(), parameters: [{ right: () => 0, takes: anyBut() }] },
    'the first piece of ZstdDecoder.decode': {
      call: (value) => new ZstdDecoder().decode(value).next(),
      parameters: [{ right: () => new Uint8Array() }],
    },
    'ZstdDecoder#end': { on: () => new ZstdDecoder(), parameters: [] },
    assignSticky: { parameters: [{ right: () => new Map() }, { right: () => [], takes: ['[]'] }] },
    compressionOf: { parameters: [{ right: () => 'lz4' }] },
    // Any error may be asked about.
    isConfigurationError: { parameters: [{ right: () => new Error(), takes: anyBut() }] },
    loadKafkaSettings: { parameters: [{ right: () => settings }] },
    partitionForKey: {
      parameters: [
        { right: () => 'ann', takes: ["'x'", "''"] },
        { right: () => 1, takes: ['5'] },
      ],
    },
    sectionRecords: { parameters: [{ right: () => ({ wrong: true }) }] },
    recordKey: { parameters: [columns, row] },
    recordValue: { parameters: [columns, row] },
    redactSettings: { parameters: [{ right: () => settings }] },
  },
})
