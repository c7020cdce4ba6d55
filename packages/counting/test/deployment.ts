import { GroupTable } from '@card/frames'
import type { Forgotten } from '@card/windowing'
import {
  type CounterHead,
  type CountingOptions,
  Merger,
  type MergerHead,
  type Partial,
  PartitionCounter,
  type Progress,
  type RefusedRow,
  type StateBlock,
  type StateChanges,
  StateImage,
  type WindowResult,
  writeBlocks,
} from '../src/index.js'
import { batchOf, type Frame } from './logs.js'

/** Mistakes that the tests of this harness plant. */
export type Defect =
  | 'none'
  | 'saved-before-commit'
  | 'held-frames-left-out'
  | 'revisions-left-out'
  | 'announced-left-out'
  | 'partials-twice'

/** What a store keeps of one owner: the head of the last step, and every block since the beginning. */
interface Stored<Head> {
  head: Head | undefined
  blocks: (StateBlock | Forgotten)[]
}

/** A record of the log between the stages. Groups travel as text: ids are one process's own. */
type Entry =
  | {
      readonly partial: Partial
      readonly group: string | null
      readonly total: boolean
      readonly progress: Progress
    }
  | { readonly progress: Progress }

const wanted = { rejected: true, late: true }
const totalGroup = 0xffff_ffff

/** Counters and a merger, each a process of its own with its own table of groups, and what Kafka would keep of them. */
export class Deployment {
  /** Results that a reader of committed records has seen. */
  readonly results: WindowResult[] = []
  readonly refused: RefusedRow[] = []
  private readonly counters: CounterProcess[]
  private merger: MergerProcess
  private readonly log: Entry[] = []

  constructor(
    private readonly options: CountingOptions,
    private readonly inputs: readonly (readonly Frame[])[],
    readonly defect: Defect = 'none',
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

  append(entries: readonly Entry[]): void {
    this.log.push(...entries)
  }

  entry(at: number): Entry | undefined {
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
  private readonly stored: Stored<CounterHead> = { head: undefined, blocks: [] }
  private groups!: GroupTable
  private counter!: PartitionCounter
  private at = 0
  private unwritten: { entries: Entry[]; refused: RefusedRow[] } = { entries: [], refused: [] }

  constructor(
    private readonly deployment: Deployment,
    private readonly partition: string,
    private readonly input: readonly Frame[],
  ) {
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
    const { partials, progress, refused, save } = this.counter.takeStep()
    for (const partial of partials) {
      const entry = {
        partial,
        group: this.groups.text(partial.group),
        total: partial.group === totalGroup,
        progress,
      }
      this.unwritten.entries.push(entry)
      if (this.deployment.defect === 'partials-twice') this.unwritten.entries.push(entry)
    }
    this.unwritten.entries.push({ progress })
    this.unwritten.refused.push(...refused)
    const head = structuredClone(save!.head)
    finishStep(
      this.deployment,
      end,
      this.stored,
      spoilHead(head, this.deployment.defect),
      save!.changes,
      this.groups,
      {
        write: () => {
          this.deployment.append(this.unwritten.entries)
          this.deployment.refused.push(...this.unwritten.refused)
          this.unwritten = { entries: [], refused: [] }
        },
        restart: () => this.crash(),
      },
    )
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
    const { head } = this.stored
    if (head !== undefined) this.counter.restore(head, imageOf(this.stored, options, this.groups).records())
    this.at = head?.position ?? 0
  }
}

class MergerProcess {
  private readonly stored: Stored<MergerHead> = { head: undefined, blocks: [] }
  private groups!: GroupTable
  private merger!: Merger
  private at = 0
  private unwritten: WindowResult[] = []

  constructor(private readonly deployment: Deployment) {
    this.restore()
  }

  read(entries: number): void {
    for (let i = 0; i < entries; i++) {
      const entry = this.deployment.entry(this.at)
      if (entry === undefined) return
      this.at++
      const { progress } = entry
      if ('partial' in entry) {
        const { partial, group: text, total } = entry
        const group = total ? totalGroup : text === null ? 0 : this.groups.id(text)
        this.merger.absorb(progress, progress.upTo, { ...partial, group })
      } else this.merger.advance(progress)
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
    const { results, save } = this.merger.takeStep()
    this.unwritten.push(...results)
    finishStep(this.deployment, end, this.stored, structuredClone(save!.head), save!.changes, this.groups, {
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
    const { head } = this.stored
    if (head !== undefined) {
      this.merger.restore(head, imageOf(this.stored, this.deployment.durable, this.groups).records())
    }
    for (const partition of this.deployment.partitions) this.merger.addPartition(partition)
    this.at = head?.position ?? 0
  }
}

/** Writes what a step holds, in one transaction or not at all. */
function finishStep<Head>(
  { defect }: Deployment,
  end: StepEnd,
  stored: Stored<Head>,
  head: Head,
  changes: StateChanges,
  groups: GroupTable,
  on: { write: () => void; restart: () => void },
): void {
  const records = defect === 'none' ? changes : Array.from(changes, (record) => spoilRecord(record, defect))
  const blocks = [...writeBlocks(records, groups, { block: 64, begun: 256 })]
  if (end === 'abort') {
    if (defect === 'saved-before-commit') changes.ack()
    else on.restart()
    return
  }
  if (end === 'retry') {
    // The transaction failed, its owner did not: what it would have written goes with the next one.
    changes.abandon()
    return
  }
  on.write()
  stored.blocks.push(...blocks)
  stored.head = head
  if (end === 'commit') changes.ack()
  else on.restart()
}

function imageOf({ blocks }: Stored<unknown>, { counter }: CountingOptions, groups: GroupTable): StateImage {
  const image = new StateImage(counter, groups)
  for (const block of blocks) {
    if (block.kind === 'forgotten') image.forget(block)
    else image.add(block.bytes)
  }
  return image
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
