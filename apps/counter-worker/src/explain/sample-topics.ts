import type { Logger } from '@card/app-kit'
import { KafkaSource, type RecordsEvent, type TopicPartition } from '@card/kafka-io'
import { kafkaClient, withKafka } from '../kafka/connection.js'
import type { OptionValues } from '../settings/option-table.js'
import { evenShares } from './even-shares.js'
import { failureOf, type Sample, type SampledLine } from './sample.js'

/**
 * The first records of topics from `--from` on, as many of each partition as there are, without joining a group.
 *
 * @param signal aborting it ends the sample where it is
 * @throws ExitError (1 or 78) where there is nothing to read from
 */
export async function sampleTopics(
  values: OptionValues,
  most: Sample['limits'],
  signal: AbortSignal,
  log: Logger,
): Promise<Sample> {
  const source = await withKafka(() =>
    KafkaSource.open(kafkaClient(values, process.env, log), {
      topics: values.topic instanceof RegExp ? [values.topic] : values.topic!,
      from: values.from,
      until: 'end',
    }),
  )
  const leave = () => source.close().catch(() => {})
  signal.addEventListener('abort', leave, { once: true })
  if (signal.aborted) await leave()
  const sample = new PartitionSamples(source, most)
  const failure = await failureOf(withKafka(() => sample.read()))
  await leave()
  return { limits: most, ...sample.result, failure }
}

/** One partition of a sample. */
interface PartitionSample {
  readonly name: string
  readonly number: number
  readonly lines: SampledLine[]
  /** Records and bytes that are still wanted of it. */
  left: number
  bytesLeft: number
}

/** Reads the beginning of every partition of a source. */
class PartitionSamples {
  readonly #source: KafkaSource
  readonly #most: Sample['limits']
  readonly #partitions = new Map<string, PartitionSample>()

  constructor(source: KafkaSource, most: Sample['limits']) {
    this.#source = source
    this.#most = most
  }

  /** Reads until every partition has given its share, or has ended. @throws KafkaIoError */
  async read(): Promise<void> {
    for await (const event of this.#source) {
      if (event.kind === 'assigned') await this.#share(event.partitions)
      else if (event.kind === 'records') this.#take(event)
      else if (event.kind === 'end') this.#of(event).left = 0
      if (this.#partitions.size > 0 && [...this.#partitions.values()].every(isFull)) return
    }
  }

  get result(): Pick<Sample, 'lines' | 'sources'> {
    const partitions = [...this.#partitions.values()].filter(({ lines }) => lines.length > 0)
    return {
      lines: partitions.flatMap(({ lines }) => lines),
      sources: partitions.map(({ name }) => ({ name, compression: null })),
    }
  }

  /** Whoever answers first does not fill the sample alone. */
  async #share(assigned: readonly (TopicPartition & { position: number })[]): Promise<void> {
    const ends = await this.#source.highWatermarks(assigned)
    const endOf = new Map(ends.map((end) => [nameOf(end), end.highWatermark]))
    const lengths = assigned.map((each) =>
      Math.max(0, (endOf.get(nameOf(each)) ?? Number.POSITIVE_INFINITY) - each.position),
    )
    const shares = evenShares(lengths, this.#most.lines)
    const bytesLeft = Math.ceil(this.#most.bytes / Math.max(1, lengths.filter((length) => length > 0).length))
    for (const [i, each] of assigned.entries()) {
      const name = nameOf(each)
      const number = this.#partitions.size
      if (!this.#partitions.has(name)) {
        this.#partitions.set(name, { name, number, lines: [], left: shares[i]!, bytesLeft })
      }
    }
  }

  #take({ topic, partition, columns }: RecordsEvent): void {
    const sample = this.#of({ topic, partition })
    const { rows, payload, timestamp, keyStart, keyLength, valueStart, valueLength } = columns
    for (let row = 0; row < rows && !isFull(sample); row++) {
      const value = part(payload, valueStart[row]!, valueLength[row]!)
      const key = part(payload, keyStart[row]!, keyLength[row]!)
      const bytes = value ?? new Uint8Array(0)
      const record = { key, timestamp: timestamp[row]! }
      sample.lines.push({ partition: sample.number, bytes, record })
      sample.left--
      sample.bytesLeft -= bytes.length + (key?.length ?? 0)
    }
    if (isFull(sample)) this.#source.pause([{ topic, partition }])
  }

  #of(partition: TopicPartition): PartitionSample {
    return this.#partitions.get(nameOf(partition))!
  }
}

function isFull({ left, bytesLeft }: PartitionSample): boolean {
  return left <= 0 || bytesLeft <= 0
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}

/** A copy; null where the length says that there is none. */
function part(payload: Uint8Array, start: number, length: number): Uint8Array | null {
  return length < 0 ? null : payload.slice(start, start + length)
}
