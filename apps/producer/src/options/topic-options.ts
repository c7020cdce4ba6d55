import { brokerList, byteSize, duration, filePath, oneOf, option, wholeNumber } from '@card/app-kit'
import { codecNames } from '@card/kafka-io'

/** Where Kafka is: options of every command that talks to it. */
export const connectionOptions = {
  brokers: option('Kafka', 'H:P,…', brokerList, 'brokers of Kafka, host:port'),
  kafkaConfig: option('Kafka', 'FILE', filePath, 'JSON file with TLS and SASL settings of the connection'),
}

/** How records are sent: options of every command that does. */
export const sendingOptions = {
  partitions: option(
    'Kafka',
    'N',
    wholeNumber(1, 10_000),
    "number of partitions if the topic has to be created (otherwise the broker's default); an existing topic must have exactly as many",
  ),
  partitionBy: option(
    'Kafka',
    'WHAT',
    oneOf('key', 'none'),
    "key: a record's key is its frame's key, so a user stays in one partition; none: no keys, the partitions take turns",
    'key',
  ),
  profile: option(
    'Kafka',
    'PROFILE',
    oneOf('latency', 'throughput'),
    'throughput (lz4, 500000 bytes a send, linger 100ms) or latency (no compression, 16KiB, 5ms); the flags below take precedence',
    'throughput',
  ),
  compression: option('Kafka', 'CODEC', oneOf(...codecNames), `one of ${codecNames.join(', ')}`),
  batchSize: option(
    'Kafka',
    'BYTES',
    byteSize(1024, 1024 ** 2),
    'size of one send, 1KiB to 1MiB (at most 1000 frames)',
  ),
  linger: option(
    'Kafka',
    'DURATION',
    duration({ least: '1ms', most: '1m' }),
    'how long to gather frames that are paced, or come from a slow pipe, before sending them, 1ms to 1m',
  ),
  acks: option(
    'Kafka',
    'WHO',
    oneOf('all', '1', '0'),
    'who acknowledges a send: all (in-sync replicas), 1 (the leader), 0 (no one: losses go unnoticed)',
    'all',
  ),
}
