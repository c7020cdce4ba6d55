import {
  Checkpoint,
  CheckpointReader,
  type CheckpointRecord,
  type CounterOptions,
  checkpointPartition,
  type Groups,
  type Manifest,
  type Owner,
  ownerName,
  type SavedHead,
  StateImage,
} from '@card/counting'
import type { KafkaTransactions, TransactionRecord } from '@card/kafka-io'
import type { StateTopic } from './state-topics.js'

/** Where the states of owners are. */
export interface CheckpointStoreOptions {
  readonly transactions: Pick<KafkaTransactions, 'readSettled'>
  readonly topic: StateTopic
  readonly counter: CounterOptions
  /** The table that restored groups are known by. */
  readonly groups: Groups
  /** Without transactions: text that no other process has. Default: none. */
  readonly run?: string
}

/** How a restore reports progress and is cancelled. */
export interface RestoreOptions {
  readonly signal?: AbortSignal
  /** Told how far the reading is: the next offset of the partition, and its end. */
  readonly onProgress?: (offset: number, end: number) => void
  /** Called between two slices of work on blocks that were read, and awaited. */
  readonly pause?: () => Promise<void>
}

/** A restored state. */
export interface RestoredState {
  readonly manifest: Manifest
  readonly head: SavedHead
  readonly image: StateImage
  /** Writes the steps to come. */
  readonly checkpoint: Checkpoint
  /** False: another run wrote it, so `restore(head, image.records(), { saved: false })`, and the first step is whole. */
  readonly isOwn: boolean
  /** Delete what other runs have written. Send them once the first step is safe. */
  readonly tombstones: readonly TransactionRecord[]
}

/** Restores the states of owners from the checkpoint topic. */
export class CheckpointStore {
  readonly #options: CheckpointStoreOptions

  constructor(options: CheckpointStoreOptions) {
    this.#options = options
  }

  /** The checkpoint of an owner that has no state. */
  begin(owner: Owner): Checkpoint {
    return new Checkpoint({ owner: ownerName(owner), run: this.#run })
  }

  /**
   * The last committed state of an owner; null: there is none. With transactions the owner is fenced before: then everything
   * that was committed is there, and nothing more will be.
   *
   * @throws CountingError corrupt-state, newer-format; KafkaIoError of `readSettled`
   */
  async restore(owner: Owner, { pause, ...reading }: RestoreOptions = {}): Promise<RestoredState | null> {
    const { transactions, topic, counter, groups } = this.#options
    const partition = checkpointPartition(owner, topic.partitions)
    const reader = new CheckpointReader(ownerName(owner))
    const wants = (key: Uint8Array) => reader.wants(key)
    await transactions.readSettled({ topic: topic.topic, partition, wants, ...reading }, ({ key, value }) =>
      reader.take(key, value),
    )
    const found = reader.restore({ run: this.#run })
    if (found === null) return null
    const { manifest, head, isOwn } = found
    const image = new StateImage(counter, groups)
    const loading = found.load(image)
    for (let next = loading.next(); ; next = loading.next()) {
      if (next.done !== true) {
        await pause?.()
        continue
      }
      const of = (record: CheckpointRecord) => ({ topic: topic.topic, partition, ...record })
      const tombstones = Array.from(reader.tombstones(this.#run), of)
      return { manifest, head, image, checkpoint: next.value, isOwn, tombstones }
    }
  }

  get #run(): string {
    return this.#options.run ?? ''
  }
}
