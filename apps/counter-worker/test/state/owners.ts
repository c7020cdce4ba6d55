import {
  type Checkpoint,
  type CounterHead,
  type CountingOptions,
  type ManifestFields,
  Merger,
  type MergerHead,
  type Owner,
  ownerName,
  PartitionCounter,
  type WindowResult,
} from '@card/counting'
import { GroupTable } from '@card/frames'
import {
  type KafkaSink,
  KafkaSource,
  type KafkaTransactions,
  type TransactionalProducer,
  type TransactionRecord,
} from '@card/kafka-io'
import { CheckpointStore } from '../../src/state/checkpoint-store.js'
import { readPartialsRecords } from '../../src/state/partials-records.js'
import { sendAtLeastOnce, sendInTransaction } from '../../src/state/send-step.js'
import {
  type SerializedStep,
  type StepParts,
  serializeCountStep,
  serializeMergeStep,
} from '../../src/state/serialized-step.js'
import type { StateTopics } from '../../src/state/state-topics.js'
import type { TestBroker } from '../kafka/support.js'

const minute = 60_000
const begin = Date.parse('2016-07-11T12:00:00Z')

/** What is counted in these tests. */
export const counting = (more: Partial<CountingOptions> = {}): CountingOptions => ({
  counter: { estimator: 'exact' },
  windows: [
    { name: '1m', length: minute },
    { name: '1h', length: 60 * minute },
  ],
  rolling: [],
  timezone: 'UTC',
  outOfOrder: 5_000,
  lateness: 0,
  maxAhead: Number.POSITIVE_INFINITY,
  maxGroups: Number.POSITIVE_INFINITY,
  groupOverflow: 'reject',
  totals: false,
  sketchPrecision: null,
  durable: true,
  ...more,
})

const fields = (topics: StateTopics): ManifestFields => ({
  group: 'likes',
  configuration: '{"base":"1m"}',
  configEpoch: 0,
  topics: { checkpoint: topics.checkpoint.partitions, partials: topics.partials.partitions },
  input: null,
  revisionBase: 0,
  sums: { lines: 0, bytes: 0, blank: 0, fallbacks: 0 },
})

/** A frame: ms after the beginning, a number for the user, and one for the group. */
export type Row = readonly [time: number, user: number, group: number]

/** A batch of rows, as a frame reader fills it. */
function batchOf(rows: readonly Row[], offset: number, groups: GroupTable) {
  const hash = new Uint32Array(4 * rows.length)
  rows.forEach(([, user], row) => {
    for (let word = 0; word < 4; word++)
      hash[4 * row + word] = Math.imul(user + 1, 0x9e3779b1 + 2 * word) >>> 0
  })
  const columns = {
    rows: rows.length,
    time: Float64Array.from(rows, ([time]) => begin + time),
    offset: Float64Array.from(rows, (_, i) => offset + i),
    hash,
    group: Uint32Array.from(rows, ([, , group]) => (group === 0 ? 0 : groups.id(`group ${group}`))),
    status: new Uint8Array(rows.length),
    start: new Uint32Array(rows.length),
    length: new Uint32Array(rows.length),
  }
  return { columns, bytes: new Uint8Array(1), source: 'likes/0' }
}

/** What every owner of a test shares. */
export interface Shared {
  readonly broker: TestBroker
  readonly transactions: KafkaTransactions
  readonly topics: StateTopics
  readonly name: string
  readonly counting: CountingOptions
  /** Writes without transactions. */
  readonly sink?: KafkaSink
}

const wanted = { rejected: true, late: true }

abstract class TestOwner {
  readonly groups = new GroupTable()
  protected checkpoint!: Checkpoint
  protected readonly store: CheckpointStore
  producer!: TransactionalProducer

  protected constructor(
    protected readonly shared: Shared,
    readonly owner: Owner,
    run?: string,
  ) {
    const { transactions, topics, counting } = shared
    this.store = new CheckpointStore({
      transactions,
      topic: topics.checkpoint,
      counter: counting.counter,
      groups: this.groups,
      ...(run !== undefined && { run }),
    })
  }

  protected async fence(): Promise<void> {
    this.producer = await this.shared.transactions.fence(`card/${this.shared.name}/${ownerName(this.owner)}`)
  }

  protected get parts(): StepParts {
    const { owner, checkpoint, groups } = this
    const { topics } = this.shared
    return { owner, checkpoint, topics, groups, fields: fields(topics) }
  }

  get blocks(): number {
    return this.checkpoint.blocks
  }
}

/** Runs work to its end. @param onSlice told how long each slice took, ms */
function run<T>(work: Generator<void, T>, onSlice: (ms: number) => void = () => {}): T {
  for (;;) {
    const began = performance.now()
    const { done, value } = work.next()
    onSlice(performance.now() - began)
    if (done === true) return value
  }
}

interface CounterOptions {
  readonly partition?: number
  /** Without transactions: the name of this process. */
  readonly run?: string
}

/** Counts an input that is in memory, with its state in Kafka. */
export class TestCounter extends TestOwner {
  counter!: PartitionCounter
  at = 0
  private isWhole = false
  private tombstones: readonly TransactionRecord[] = []

  static async open(
    shared: Shared,
    input: readonly Row[],
    { partition = 0, run }: CounterOptions = {},
  ): Promise<TestCounter> {
    const counter = new TestCounter(shared, input, partition, run)
    if (run === undefined) await counter.fence()
    counter.counter = new PartitionCounter(
      shared.counting,
      counter.groups,
      { partition: `likes/${partition}`, incarnation: 0 },
      wanted,
    )
    counter.checkpoint = counter.store.begin(counter.owner)
    const found = await counter.store.restore(counter.owner)
    if (found === null) return counter
    counter.checkpoint = found.checkpoint
    counter.counter.restore(found.head as CounterHead, found.image.records(), { saved: found.isOwn })
    counter.isWhole = !found.isOwn
    counter.tombstones = found.tombstones
    counter.at = found.manifest.nextOffset
    return counter
  }

  private constructor(
    shared: Shared,
    private readonly input: readonly Row[],
    partition: number,
    run: string | undefined,
  ) {
    super(shared, { stage: 'count', topic: 'likes', partition }, run)
  }

  count(frames: number): void {
    const rows = this.input.slice(this.at, this.at + frames)
    this.counter.consume(batchOf(rows, this.at, this.groups), this.at + rows.length)
    this.at += rows.length
  }

  serialize(onSlice?: (ms: number) => void): { readonly step: SerializedStep; readonly done: () => void } {
    const step = this.counter.takeStep({ whole: this.isWhole || this.checkpoint.isFragmented })
    const serialized = run(serializeCountStep(step, [], this.parts), onSlice)
    const done = () => {
      this.isWhole = false
      this.checkpoint.commit()
      step.save!.changes.ack()
    }
    return { step: serialized, done }
  }

  async send(step: SerializedStep): Promise<void> {
    const { sink } = this.shared
    if (sink === undefined) await sendInTransaction(this.producer, step)
    else await sendAtLeastOnce(sink, step)
  }

  async step(): Promise<void> {
    const { step, done } = this.serialize()
    await this.send(step)
    done()
    const { sink } = this.shared
    const { tombstones } = this
    this.tombstones = []
    if (sink === undefined || tombstones.length === 0) return
    await sendAtLeastOnce(sink, { records: tombstones.slice(1), manifest: tombstones[0]! })
  }
}

/** Merges partials from Kafka, with its state and results there. */
export class TestMerger extends TestOwner {
  merger!: Merger
  position = 0

  static async open(shared: Shared, partition: number, inputs: readonly string[]): Promise<TestMerger> {
    const merger = new TestMerger(shared, partition)
    await merger.fence()
    merger.merger = new Merger(shared.counting, merger.groups)
    merger.checkpoint = merger.store.begin(merger.owner)
    const found = await merger.store.restore(merger.owner)
    if (found !== null) {
      merger.checkpoint = found.checkpoint
      merger.merger.restore(found.head as MergerHead, found.image.records())
      merger.position = found.manifest.nextOffset
    }
    for (const input of inputs) merger.merger.addPartition(input)
    return merger
  }

  private constructor(
    shared: Shared,
    private readonly partition: number,
  ) {
    super(shared, { stage: 'merge', partition })
  }

  /** Reads what is committed from its position on. */
  async read(): Promise<void> {
    const { topic } = this.shared.topics.partials
    const source = await KafkaSource.open(this.shared.broker.client, {
      topics: [topic],
      from: 'earliest',
      until: 'end',
    })
    for await (const event of source) {
      if (event.kind !== 'records' || event.partition !== this.partition) continue
      const { columns } = event
      let last = -1
      for (let row = 0; row < columns.rows; row++) last = columns.offset[row]!
      if (last < this.position) continue
      // What was merged before changes nothing.
      for (const record of readPartialsRecords(columns, this.groups)) {
        if (record.kind === 'progress') this.merger.advance(record.progress)
        else for (const partial of record.partials) this.merger.absorb(record.origin, record.upTo, partial)
      }
      this.position = last + 1
      this.merger.moveTo(this.position)
    }
  }

  async step(): Promise<readonly WindowResult[]> {
    const step = this.merger.takeStep({ whole: this.checkpoint.isFragmented })
    const serialized = run(serializeMergeStep(step, [], this.parts))
    await sendInTransaction(this.producer, serialized)
    this.checkpoint.commit()
    step.save!.changes.ack()
    return step.results
  }
}
