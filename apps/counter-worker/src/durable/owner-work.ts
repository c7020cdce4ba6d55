import type { Checkpoint, ManifestInput, Owner } from '@card/counting'
import type { TopicPartition, TransactionalProducer, TransactionRecord } from '@card/kafka-io'

/** What a worker holds of one owner while it takes it over and has it. */
export class OwnerWork {
  readonly owner: Owner
  readonly partition: TopicPartition
  producer: TransactionalProducer | null = null
  checkpoint: Checkpoint | null = null
  /** Of the manifest; null: a merger. */
  input: ManifestInput | null = null
  revisionBase = 0
  configEpoch = 0
  /** To be written with the next step. */
  tombstones: readonly TransactionRecord[] = []
  #calledOff = new AbortController()
  #turn: Promise<void> = Promise.resolve()

  constructor({ owner, partition }: { readonly owner: Owner; readonly partition: TopicPartition }) {
    this.owner = owner
    this.partition = partition
  }

  /** Aborted when the owner is dropped. */
  get signal(): AbortSignal {
    return this.#calledOff.signal
  }

  /** Forgets everything, and calls off what is under way. */
  drop(): void {
    this.#calledOff.abort()
    this.#calledOff = new AbortController()
    this.producer = null
    this.checkpoint = null
    this.tombstones = []
  }

  /** Does one thing after the other: of two fencings under way no one knows which one came last. */
  inTurn(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work)
  }
}
