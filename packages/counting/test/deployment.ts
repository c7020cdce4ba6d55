import { GroupTable } from '@card/frames'
import {
  type CounterHead,
  type CountingOptions,
  Merger,
  type MergerHead,
  PartitionCounter,
  type RefusedRow,
  readWireRecord,
  type Save,
  type StateChanges,
  type WindowResult,
  writePartials,
  writeProgress,
} from '../src/index.js'
import { CheckpointLog, type Delivery } from './checkpoint-log.js'
import { batchOf, type Frame } from './logs.js'

/** Mistakes that the tests of this harness plant. */
export type Defect =
  | 'none'
  | 'saved-before-commit'
  | 'held-frames-left-out'
  | 'revisions-left-out'
  | 'announced-left-out'
  | 'partials-twice'
  | 'slots-reused-early'

const wanted = { rejected: true, late: true }

/** Counters and a merger, each a process of its own with its own table of groups, and what Kafka would keep of them. */
export class Deployment {
  /** Results that a reader of committed records has seen. */
  readonly results: WindowResult[] = []
  readonly refused: RefusedRow[] = []
  private readonly counters: CounterProcess[]
  private merger: MergerProcess
  /** The log of partials: groups travel as bytes, for ids are one process's own. */
  private readonly log: Uint8Array[] = []

  constructor(
    private readonly options: CountingOptions,
    private readonly inputs: readonly (readonly Frame[])[],
    readonly defect: Defect = 'none',
    readonly delivery: Delivery = 'exactly-once',
  ) {
    this.counters = inputs.map((input, i) => new CounterProcess(this, `t/${i}`, input))
    this.merger = new MergerProcess(this)
  }

  get durable(): CountingOptions {
    return { ...this.options, durable: true }
  }

  get partitions(): string[] {
    return this.inputs.map((_, i) => `t/${i}`)
  }

  checkpointLog(owner: string): CheckpointLog {
    return new CheckpointLog(owner, this.delivery, this.defect === 'slots-reused-early')
  }

  append(entries: readonly Uint8Array[]): void {
    this.log.push(...entries)
  }

  entry(at: number): Uint8Array | undefined {
    return this.log[at]
  }

  counter(at: number): CounterProcess {
    return this.counters[at % this.counters.length]!
  }

  get merging(): MergerProcess {
    return this.merger
  }

  /** Everything to the end of all inputs, after one more restart of everything. */
  finish(): void {
    this.merger.step('commit-and-die')
    for (const counter of this.counters) {
      counter.step('commit-and-die')
      counter.count(Number.POSITIVE_INFINITY)
      counter.end()
      counter.step('commit')
    }
    this.merger.read(Number.POSITIVE_INFINITY)
    this.merger.flush()
    this.merger.step('commit')
  }

  get sums() {
    const sums = this.counters.map((counter) => counter.sums)
    return { counters: sums, closed: this.merger.closed, published: this.merger.published }
  }
}

/** How a step ends: committed; lost, and its owner begins again from the store; committed, but its owner has died before it knew. */
export type StepEnd = 'commit' | 'abort' | 'commit-and-die' | 'retry'

class CounterProcess {
  private readonly saved: CheckpointLog
  private groups!: GroupTable
  private counter!: PartitionCounter
  private at = 0
  private unwritten: { entries: Uint8Array[]; refused: RefusedRow[] } = { entries: [], refused: [] }

  constructor(
    private readonly deployment: Deployment,
    private readonly partition: string,
    private readonly input: readonly Frame[],
  ) {
    this.saved = deployment.checkpointLog(`count/${partition}`)
    this.restore()
  }

  count(frames: number): void {
    const rows = this.input.slice(this.at, this.at + Math.min(frames, this.input.length))
    this.counter.consume(batchOf(rows, this.at, this.groups, this.partition), this.at + rows.length)
    this.at += rows.length
  }

  end(): void {
    this.counter.end()
  }

  send(): void {
    this.counter.send()
  }

  idle(): void {
    this.counter.idle()
  }

  /** Counts, and sends all there is. */
  flow(frames: number, end: StepEnd): void {
    this.count(frames)
    this.send()
    this.step(end)
  }

  crash(): void {
    this.unwritten = { entries: [], refused: [] }
    this.restore()
  }

  step(end: StepEnd): void {
    const { partials, progress, refused, save } = this.counter.takeStep({ whole: this.saved.wantsWhole })
    const { defect } = this.deployment
    for (const { value } of writePartials(progress, progress.upTo, partials, this.groups, {
      partitions: 1,
      limit: 256,
    })) {
      this.unwritten.entries.push(value)
      if (defect === 'partials-twice') this.unwritten.entries.push(value)
    }
    this.unwritten.entries.push(writeProgress(progress, 0))
    this.unwritten.refused.push(...refused)
    const head = spoilHead(save!.head, defect)
    finishStep(this.deployment, end, this.saved, { head, changes: save!.changes }, this.groups, {
      write: () => {
        this.deployment.append(this.unwritten.entries)
        this.deployment.refused.push(...this.unwritten.refused)
        this.unwritten = { entries: [], refused: [] }
      },
      restart: () => this.crash(),
    })
  }

  get sums() {
    return this.counter.sums
  }

  private restore(): void {
    this.groups = new GroupTable()
    const options = this.deployment.durable
    // Ids differ from process to process.
    this.groups.id(`only of ${this.partition}`)
    this.counter = new PartitionCounter(
      options,
      this.groups,
      { partition: this.partition, incarnation: 0 },
      wanted,
    )
    const found = this.saved.restore(options, this.groups)
    if (found !== null) this.counter.restore(found.head as CounterHead, found.records, found.options)
    this.at = found?.head.position ?? 0
  }
}

class MergerProcess {
  private readonly saved: CheckpointLog
  private groups!: GroupTable
  private merger!: Merger
  private at = 0
  private unwritten: WindowResult[] = []

  constructor(private readonly deployment: Deployment) {
    this.saved = deployment.checkpointLog('merge/0')
    this.restore()
  }

  read(entries: number): void {
    for (let i = 0; i < entries; i++) {
      const entry = this.deployment.entry(this.at)
      if (entry === undefined) return
      this.at++
      const record = readWireRecord(entry, this.groups)
      if (record.kind === 'progress') this.merger.advance(record.progress)
      else for (const partial of record.partials) this.merger.absorb(record.origin, record.upTo, partial)
      this.merger.moveTo(this.at)
    }
  }

  early(): void {
    this.merger.early()
  }

  announce(until: number, limit: number): void {
    this.merger.announce(until, limit)
  }

  flush(): void {
    this.merger.flush()
  }

  /** Reads all there is, and publishes it as it is. */
  flow(end: StepEnd): void {
    this.read(Number.POSITIVE_INFINITY)
    this.early()
    this.step(end)
  }

  crash(): void {
    this.unwritten = []
    this.restore()
  }

  step(end: StepEnd): void {
    const { results, save } = this.merger.takeStep({ whole: this.saved.wantsWhole })
    this.unwritten.push(...results)
    finishStep(this.deployment, end, this.saved, save!, this.groups, {
      write: () => {
        this.deployment.results.push(...this.unwritten)
        this.unwritten = []
      },
      restart: () => this.crash(),
    })
  }

  get closed() {
    return this.merger.closed
  }

  get published() {
    return this.merger.published
  }

  private restore(): void {
    this.groups = new GroupTable()
    this.merger = new Merger(this.deployment.durable, this.groups)
    const found = this.saved.restore(this.deployment.durable, this.groups)
    if (found !== null) this.merger.restore(found.head as MergerHead, found.records, found.options)
    for (const partition of this.deployment.partitions) this.merger.addPartition(partition)
    this.at = found?.head.position ?? 0
  }
}

/** Writes what a step holds, in one transaction or not at all. */
function finishStep(
  { defect }: Deployment,
  end: StepEnd,
  saved: CheckpointLog,
  { head, changes }: Save & { readonly changes: StateChanges },
  groups: GroupTable,
  on: { write: () => void; restart: () => void },
): void {
  const spoilt = {
    *[Symbol.iterator]() {
      for (const record of changes) yield spoilRecord(record, defect)
    },
    ack: () => changes.ack(),
    abandon: () => changes.abandon(),
  }
  saved.write({ head, changes: spoilt }, groups)
  if (end === 'abort') {
    if (defect === 'saved-before-commit') saved.commit()
    else on.restart()
    return
  }
  if (end === 'retry') {
    // The transaction failed, its owner did not: what it would have written goes with the next one.
    saved.abandon()
    return
  }
  on.write()
  saved.append()
  if (end === 'commit') saved.commit()
  else on.restart()
}

function spoilRecord<R extends { record: object }>(record: R, defect: Defect): R {
  if (defect === 'revisions-left-out' && 'revision' in record.record) {
    return { ...record, record: { ...record.record, revision: 0 } }
  }
  if (defect === 'announced-left-out' && 'announced' in record.record) {
    return { ...record, record: { ...record.record, announced: false } }
  }
  return record
}

function spoilHead(head: CounterHead, defect: Defect): CounterHead {
  if (defect !== 'held-frames-left-out') return head
  const partitions = head.engine.partitions.map((partition) => ({ ...partition, held: [] }))
  return { ...head, engine: { ...head.engine, partitions } }
}
