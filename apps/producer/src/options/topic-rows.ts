import { codecNames } from '@card/kafka-io'
import { optional, required } from './option-row.js'
import * as values from './values.js'

/** Where Kafka is: flags of every command that talks to it. */
export const connectionRows = {
  brokers: optional('H:P,…', 'brokers of Kafka, host:port', values.brokers),
  kafkaConfig: optional('FILE', 'JSON file with TLS and SASL settings of the connection', values.path),
}

/** How records are sent: flags of every command that does. */
export const sendingRows = {
  partitions: optional(
    'N',
    "partitions of the topic when it has to be created (else the broker's default); an existing one must have as many",
    values.wholeNumber(1, 10_000),
  ),
  partitionBy: required(
    'WHAT',
    "key: a record's key is its frame's key, so a user stays in one partition; none: no keys, records in turn",
    'key',
    values.oneOf('key', 'none'),
  ),
  profile: required(
    'PROFILE',
    'throughput (lz4, 500000 bytes a send, linger 100ms) or latency (no compression, 16KiB, 5ms); the flags below win',
    'throughput',
    values.oneOf('latency', 'throughput'),
  ),
  compression: optional('CODEC', `one of ${codecNames.join(', ')}`, values.oneOf(...codecNames)),
  batchSize: optional(
    'BYTES',
    'frames of one send, 1KiB to 1MiB (at most 1000 frames)',
    values.byteSize(1024, 1024 ** 2),
  ),
  linger: optional(
    'DURATION',
    'how long paced frames gather before they are sent, 1ms to 1m',
    values.duration(1, 60_000),
  ),
  acks: required(
    'WHO',
    'who confirms a send: all (in-sync replicas), 1 (the leader), 0 (nobody: losses go unseen)',
    'all',
    values.oneOf('all', '1', '0'),
  ),
}
