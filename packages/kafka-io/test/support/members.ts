import { onTestFinished } from 'vitest'
import { type KafkaClient, KafkaSource, type SourceEvent, type SourceOptions } from '../../src/index.js'
import { keyOfPartition } from '../../src/topic-partition.js'
import { type Row, rowsOf } from './kafka.js'

/** A member of a group that reads all the time, and what it was told. */
export class Member {
  readonly events: SourceEvent[] = []
  readonly rows: Row[] = []
  failure: unknown = null
  readonly reading: Promise<void>

  private constructor(readonly source: KafkaSource) {
    this.reading = this.#read().catch((error) => {
      this.failure = error
    })
  }

  /** Joins, and leaves when the test is over. */
  static async join(client: KafkaClient, options: SourceOptions): Promise<Member> {
    const member = new Member(await KafkaSource.open(client, options))
    onTestFinished(() => member.leave())
    return member
  }

  /** What it reads, as `topic/partition`. */
  get partitions(): string[] {
    return this.source.status().map(keyOfPartition).sort()
  }

  get values(): (string | null)[] {
    return this.rows.map(({ value }) => value)
  }

  /** The events of a kind so far. */
  told<K extends SourceEvent['kind']>(kind: K): Extract<SourceEvent, { kind: K }>[] {
    return this.events.filter((event): event is Extract<SourceEvent, { kind: K }> => event.kind === kind)
  }

  async leave(): Promise<void> {
    await this.source.close()
    await this.reading
  }

  async #read(): Promise<void> {
    for await (const event of this.source) {
      this.rows.push(...rowsOf(event))
      this.events.push(event)
    }
  }
}
