import { setTimeout as pause } from 'node:timers/promises'
import type { IHeaders, Message, Producer } from 'kafkajs'
import { checkArgument, checkOptions } from '../arguments/check-options.js'
import { checkRecords, sinkRecord } from '../arguments/check-records.js'
import { oneOf, text, wholeNumber } from '../arguments/rules.js'
import { answerType, isConnectionError } from '../client/error-chain.js'
import { mayNotUse, unknownTopic } from '../client/explain-answer.js'
import { checkClient, type KafkaClient, patientRetries } from '../client/kafka-client.js'
import { Partitioners } from '../client/kafkajs.js'
import { type Compression, compressionRule } from '../codecs/compressor.js'
import { useCodec } from '../codecs/use-codec.js'
import { KafkaIoError } from '../errors.js'
import { describeTopic } from '../topics/topics.js'
import { type SinkRecord, split, tooLarge } from './split.js'

/** How a `KafkaSink` writes. */
export interface SinkOptions {
  /** Default `none`; `none` and `gzip` by name, the others as compressors of `@card/kafka-io/compression`. */
  compression?: Compression
  /** Acknowledged by: -1 all in-sync replicas (default), 1 the leader, 0 no broker. */
  acks?: -1 | 0 | 1
  /** Sends that may be under way at once, from 1; 1 (default) keeps the order of records over all calls. */
  inFlight?: number
  /** What one send is filled up to, before compression; bytes, default 500,000, never more than the topic takes. */
  targetBytes?: number
  /** Records per batch at most; default 1,000. */
  targetRecords?: number
}

const sinkRules = {
  optional: {
    compression: compressionRule,
    acks: oneOf(-1, 0, 1),
    inFlight: wholeNumber(1),
    targetBytes: wholeNumber(1),
    targetRecords: wholeNumber(1),
  },
}

/** The broker's default of max.message.bytes. */
const defaultLimit = 1_048_588
/** Milliseconds until a new topic is known to all brokers, generously. */
const topicPatience = 2000

/**
 * Writes keyed records. At least once: a send whose answer was lost is repeated, so a record can be there
 * twice, but never after a later one of the same sink (with `inFlight` 1).
 */
export class KafkaSink {
  readonly #client: KafkaClient
  readonly #options: SinkOptions
  readonly #producer: Producer
  readonly #codec: number
  readonly #limits = new Map<string, Promise<number>>()
  readonly #waiting: (() => void)[] = []
  #open = 0
  #closed = false
  #failures = 0

  /** @throws `bad-settings`, `codec-missing`, and what connecting throws */
  static async open(client: KafkaClient, options: SinkOptions = {}): Promise<KafkaSink> {
    checkClient('KafkaSink.open', client)
    checkOptions('KafkaSink.open', options, sinkRules)
    const sink = new KafkaSink(client, options, await useCodec(options.compression ?? 'none'))
    try {
      await client.untilReached(() => sink.#producer.connect())
    } catch (error) {
      await sink.close()
      throw error
    }
    return sink
  }

  private constructor(client: KafkaClient, options: SinkOptions, codec: number) {
    this.#client = client
    this.#options = options
    this.#codec = codec
    this.#producer = client.kafka({ retry: { ...patientRetries, retries: 5 } }).producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
      metadataMaxAge: 30_000,
      // Its own retries lose records: where a partition's leader has moved to a broker that has answered for
      // other partitions meanwhile, that broker is not asked again, and send() resolves (sendMessages.js,
      // brokersWithoutResponse; its #1303, #1798). A send that fails is repeated whole, from here.
      retry: { retries: 0 },
    })
  }

  /** How many sends failed, whether they were retried, split or abandoned afterwards. */
  get failures(): number {
    return this.#failures
  }

  /**
   * Resolves when every record is acknowledged. On an error some of them may be there.
   *
   * @throws `bad-settings` before anything is sent; `record-too-large`, `unknown-topic`, `not-authorized`, `broker-unreachable` (after
   *   `unreachableTimeout`), `send-failed`
   */
  async send(topic: string, records: readonly SinkRecord[]): Promise<void> {
    checkArgument('send', 'topic', topic, text)
    checkRecords(records, sinkRecord)
    if (records.length === 0) return
    await this.#enter()
    try {
      const limit = await this.#limitOf(topic)
      const { targetBytes = 500_000, targetRecords = 1000, compression = 'none' } = this.#options
      // What a compressed batch takes is known when it is made: the broker is asked.
      const limits = { targetBytes, targetRecords, limit: compression === 'none' ? limit : null }
      for (const part of split(topic, records, limits)) await this.#sendSplit(topic, part)
    } finally {
      this.#leave()
    }
  }

  /** Waits for what is being sent, and disconnects. */
  async close(): Promise<void> {
    this.#closed = true
    while (this.#open > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    await this.#producer.disconnect().catch(() => {})
  }

  // A batch that is beyond the limit even when compressed may be so only as a whole.
  async #sendSplit(topic: string, records: SinkRecord[]): Promise<void> {
    try {
      await this.#sendPart(topic, records)
    } catch (error) {
      const tooLarge = error instanceof KafkaIoError && error.code === 'record-too-large'
      if (!tooLarge || records.length === 1) throw error
      const half = records.length >> 1
      await this.#sendSplit(topic, records.slice(0, half))
      await this.#sendSplit(topic, records.slice(half))
    }
  }

  // kafkajs also gives up for good where the broker refuses connections at the wrong moment: what fails for the
  // connection's sake, or because a leader moves, is sent again.
  async #sendPart(topic: string, records: SinkRecord[]): Promise<void> {
    const began = Date.now()
    for (let wait = 50; ; wait = Math.min(1000, wait * 2)) {
      try {
        // Each attempt gets a new timestamp: the wall clock when the record is written.
        const messages = records.map(toMessage)
        const { acks = -1 } = this.#options
        await this.#producer.send({ topic, messages, acks, compression: this.#codec })
        return this.#client.noteReachable()
      } catch (error) {
        this.#failures++
        const explained = this.#explain(topic, error)
        // A topic that was made a moment ago is not known to every broker yet.
        const patience = explained.code === 'unknown-topic' ? topicPatience : this.#client.unreachableTimeout
        if (!isPassing(error, explained) || Date.now() + wait > began + patience) throw explained
        if (explained.code === 'broker-unreachable') this.#client.noteUnreachable(error, began + patience)
      }
      await pause(wait)
    }
  }

  #explain(topic: string, error: unknown): KafkaIoError {
    const type = answerType(error)
    if (type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE')
      return tooLarge(topic, null, null, error)
    if (type === 'INVALID_TIMESTAMP') return invalidTimestamp(topic, error)
    if (type === 'TOPIC_AUTHORIZATION_FAILED') return mayNotUse(topic, error)
    const explained = this.#client.explain(error)
    if (explained.code === 'unknown-topic') return unknownTopic(topic, error)
    if (explained.code !== 'request-failed') return explained
    return new KafkaIoError('send-failed', `Records for ${topic} were not written: ${explained.message}`, {
      cause: error,
    })
  }

  #limitOf(topic: string): Promise<number> {
    let limit = this.#limits.get(topic)
    if (limit === undefined) {
      // Not everyone may read a topic's configuration: the default is the least that most brokers take.
      limit = describeTopic(this.#client, topic).then(
        (found) => found?.maxMessageBytes ?? defaultLimit,
        () => defaultLimit,
      )
      this.#limits.set(topic, limit)
    }
    return limit
  }

  async #enter(): Promise<void> {
    while (this.#open >= (this.#options.inFlight ?? 1) && !this.#closed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    if (this.#closed) throw new KafkaIoError('closed', 'The sink is closed: open a new one')
    this.#open++
  }

  #leave(): void {
    this.#open--
    // Closing waits among the others: all look again.
    if (this.#closed) for (const wake of this.#waiting.splice(0)) wake()
    else this.#waiting.shift()?.()
  }
}

function invalidTimestamp(topic: string, cause: unknown): KafkaIoError {
  return new KafkaIoError(
    'send-failed',
    `The broker does not accept records of ${topic} with these timestamps: they are too far from its clock (see the ` +
      "topic's message.timestamp.before.max.ms and message.timestamp.after.max.ms). Records without a timestamp of " +
      `their own have the time of this machine, which is ${new Date().toISOString()}: correct its clock`,
    { cause },
  )
}

function toMessage({ key = null, value, headers, partition, timestamp }: SinkRecord): Message {
  return {
    key: toBuffer(key),
    value: toBuffer(value),
    ...(headers && { headers: headers as unknown as IHeaders }),
    ...(partition !== undefined && { partition }),
    timestamp: String(timestamp ?? Date.now()),
  }
}

function toBuffer(part: Uint8Array | string | null): Buffer | null {
  if (part === null) return null
  return typeof part === 'string' ? Buffer.from(part) : Buffer.from(part.buffer, part.byteOffset, part.length)
}

function isPassing(error: unknown, explained: KafkaIoError): boolean {
  if (isConnectionError(error)) return explained.code !== 'tls-refused' && explained.code !== 'login-refused'
  return explained.code === 'unknown-topic' || (explained.code === 'send-failed' && retriable(error))
}

// The innermost error tells: kafkajs marks what its retries have exhausted as not retriable.
function retriable(error: unknown): boolean {
  let last: unknown = error
  while (last instanceof Error && last.cause instanceof Error) last = last.cause
  return (last as { retriable?: boolean }).retriable === true
}
