import { keyOfPartition, type TopicPartition } from '../topic-partition.js'
import type { Fetcher } from './fetcher.js'
import type { TopicMetadata } from './metadata.js'
import type { PartitionReader, ReaderBounds } from './partition-reader.js'
import { topicRecreated } from './topic-changes.js'
import type { SourceOptions } from './types.js'

const noOffsets: ReadonlyMap<string, number> = new Map()

/** Decides where each partition is read from, and to. */
export class StartPositions {
  readonly #options: Pick<SourceOptions, 'from' | 'until' | 'endless'>
  readonly #fetcher: Fetcher
  readonly #metadata: TopicMetadata
  /** Partitions that were there at the start, and the id of their topic; all others are read from their beginning. */
  readonly #initial = new Map<string, string | null>()
  #partitions: readonly TopicPartition[] = []
  /** Where those ended at the start, for `latest` and `until`: joining a group takes time, and misses nothing so. */
  #ends = noOffsets
  /** Where revoked partitions stood: one that comes back goes on there, and nothing of it is handed over twice. */
  readonly #revoked = new Map<string, { position: number; topicId: string | null }>()

  constructor(options: SourceOptions, fetcher: Fetcher, metadata: TopicMetadata) {
    this.#options = options
    this.#fetcher = fetcher
    this.#metadata = metadata
  }

  /** Notes what is there at the start. */
  async begin(partitions: readonly TopicPartition[]): Promise<void> {
    const { from, until } = this.#options
    this.#partitions = partitions
    for (const each of partitions) this.#initial.set(keyOfPartition(each), this.#metadata.idOf(each.topic))
    if (from === 'latest' || until === 'end') this.#ends = await this.#fetcher.offsets(partitions, 'latest')
  }

  /** Where all partitions that existed at the start ended then, whoever reads them. */
  get ends(): readonly (TopicPartition & { readonly offset: number })[] {
    const { until, endless = [] } = this.#options
    if (until !== 'end') return []
    return this.#partitions
      .filter(({ topic }) => !endless.includes(topic))
      .map(({ topic, partition }) => {
        return { topic, partition, offset: this.#ends.get(keyOfPartition({ topic, partition }))! }
      })
  }

  onRevoked(reader: PartitionReader): void {
    const { position, topicId } = reader
    this.#revoked.set(keyOfPartition(reader), { position, topicId })
  }

  /**
   * The bounds of partitions to read, by `keyOfPartition`.
   *
   * @param known positions to go on from, by `keyOfPartition`
   * @throws `topic-recreated` with `until: 'end'`, if the ends at the start belong to a deleted topic
   */
  async boundsOf(
    partitions: readonly TopicPartition[],
    known: ReadonlyMap<string, number> = noOffsets,
  ): Promise<Map<string, ReaderBounds>> {
    const { until, endless = [] } = this.#options
    const recreated = partitions.find(
      (each) => this.#initial.has(keyOfPartition(each)) && !this.#isInitial(each),
    )
    if (until === 'end' && recreated !== undefined) {
      throw topicRecreated(recreated.topic, `partition ${recreated.partition} had not been read yet`)
    }
    const bounds = new Map<string, ReaderBounds>()
    const set = (each: TopicPartition, position: number, topicId = this.#metadata.idOf(each.topic)) => {
      const key = keyOfPartition(each)
      // A partition that came after the start has nothing before its end.
      const hasEnd = until === 'end' && !endless.includes(each.topic)
      const end = hasEnd ? (this.#ends.get(key) ?? position) : null
      bounds.set(key, { position, end, topicId })
    }
    for (const each of partitions) {
      const position = known.get(keyOfPartition(each))
      const revoked = this.#revoked.get(keyOfPartition(each))
      if (position !== undefined) set(each, position)
      else if (revoked !== undefined) set(each, revoked.position, revoked.topicId)
    }
    const rest = partitions.filter((each) => !bounds.has(keyOfPartition(each)))
    const starts = await this.byRule(rest)
    for (const each of rest) set(each, starts.get(keyOfPartition(each))!)
    return bounds
  }

  /** Where the rule begins partitions, by `keyOfPartition`: those that came after the start, at their beginning. */
  async byRule(partitions: readonly TopicPartition[]): Promise<Map<string, number>> {
    const { from } = this.#options
    const initial = partitions.filter((each) => this.#isInitial(each))
    const added = partitions.filter((each) => !this.#isInitial(each))
    const byRule = from === 'latest' ? this.#ends : await this.#offsets(initial, from)
    const first = await this.#offsets(added, 'earliest')
    return new Map(
      partitions.map((each) => {
        const key = keyOfPartition(each)
        return [key, (this.#isInitial(each) ? byRule : first).get(key)!]
      }),
    )
  }

  #isInitial(partition: TopicPartition): boolean {
    const id = this.#initial.get(keyOfPartition(partition))
    return id !== undefined && id === this.#metadata.idOf(partition.topic)
  }

  async #offsets(partitions: readonly TopicPartition[], rule: SourceOptions['from']) {
    return partitions.length === 0 ? noOffsets : this.#fetcher.offsets(partitions, rule)
  }
}
