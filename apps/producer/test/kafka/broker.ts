import { randomUUID } from 'node:crypto'
import { KafkaClient, KafkaSource, prepareTopics, recordKey, recordValue } from '@card/kafka-io'
import type {} from '@card/local-kafka/vitest-setup'
import { describe, inject } from 'vitest'

/** Tests that need the broker that every file of a run shares. */
export const describeKafka = describe.skipIf(inject('kafkaMode') === 'none')
/** Tests that start brokers of their own. */
export const describeLocalKafka = describe.skipIf(inject('kafkaMode') !== 'local')

export function client(): KafkaClient {
  return new KafkaClient({ brokers: inject('kafkaBrokers') })
}

/** The flags that name the shared broker and this topic. */
export function topicFlags(topic: string): string[] {
  return ['--topic', topic, '--brokers', inject('kafkaBrokers').join(',')]
}

/** A name that no other test uses. */
export function newName(): string {
  return `t-${randomUUID()}`
}

/** A new topic. */
export async function newTopic(partitions = 1): Promise<string> {
  const topic = newName()
  await prepareTopics(client(), [{ topic, partitions, create: true }])
  return topic
}

export interface Row {
  partition: number
  key: string | null
  value: string
  bytes: Buffer
  /** Of the topic's clock, ms. */
  timestamp: number
}

/** Every record of a topic, partition by partition in order. */
export async function rowsOf(topic: string): Promise<Row[]> {
  const source = await KafkaSource.open(client(), { topics: [topic], from: 'earliest', until: 'end' })
  const rows: Row[] = []
  for await (const event of source) {
    if (event.kind !== 'records') continue
    const { columns, partition } = event
    for (let row = 0; row < columns.rows; row++) {
      const bytes = Buffer.from(recordValue(columns, row)!)
      rows.push({
        partition,
        key: textOf(recordKey(columns, row)),
        value: textOf(bytes)!,
        bytes,
        timestamp: columns.timestamp[row]!,
      })
    }
  }
  return rows.sort((a, b) => a.partition - b.partition)
}

function textOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}
