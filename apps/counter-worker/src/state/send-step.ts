import {
  isConfigurationError,
  KafkaIoError,
  type KafkaSink,
  type SinkRecord,
  type TransactionalProducer,
  type TransactionRecord,
} from '@card/kafka-io'
import type { SerializedStep } from './serialized-step.js'

/** Bytes sent at once. Smaller requests let those of other owners in between. */
const roundBytes = 8 * 1024 * 1024

/**
 * Writes a step in one transaction.
 *
 * @throws KafkaIoError of `send` and `commit`. Whether the step was committed is not known then: fence the owner and restore it.
 */
export async function sendInTransaction(
  producer: Pick<TransactionalProducer, 'send' | 'commit'>,
  { records, manifest }: SerializedStep,
): Promise<void> {
  for (const round of inRounds([...records, manifest])) await producer.send(round)
  await producer.commit()
}

/**
 * Writes a step without a transaction, the manifest last. If it is cut off, whoever restores the previous step writes it
 * again: repeated partials change nothing, but results come twice.
 *
 * @throws KafkaIoError of `send`
 */
export async function sendAtLeastOnce(
  sink: Pick<KafkaSink, 'send'>,
  { records, manifest }: SerializedStep,
): Promise<void> {
  for (const round of inRounds(records)) {
    for (const [topic, all] of byTopic(round)) await sink.send(topic, all)
  }
  for (const [topic, all] of byTopic([manifest])) await sink.send(topic, all)
}

/**
 * What an error of fencing, restoring or writing means for its owner. `lost`: another process may own it, or the outcome is
 * unknown; only what was committed tells. `fatal`: trying again would not help.
 */
export function failureOf(error: unknown): 'lost' | 'fatal' {
  if (!(error instanceof KafkaIoError)) return 'fatal'
  const { code } = error
  if (isConfigurationError(error) || code === 'record-too-large' || code === 'send-failed') return 'fatal'
  return 'lost'
}

function byTopic(records: readonly TransactionRecord[]): Map<string, SinkRecord[]> {
  const topics = new Map<string, SinkRecord[]>()
  for (const { topic, ...record } of records) {
    const found = topics.get(topic)
    if (found === undefined) topics.set(topic, [record])
    else found.push(record)
  }
  return topics
}

function* inRounds(records: readonly TransactionRecord[]): Generator<TransactionRecord[], void, undefined> {
  let round: TransactionRecord[] = []
  let size = 0
  for (const record of records) {
    const bytes = sizeOf(record.key) + sizeOf(record.value)
    if (round.length > 0 && size + bytes > roundBytes) {
      yield round
      round = []
      size = 0
    }
    round.push(record)
    size += bytes
  }
  if (round.length > 0) yield round
}

function sizeOf(part: Uint8Array | string | null | undefined): number {
  return part?.length ?? 0
}
