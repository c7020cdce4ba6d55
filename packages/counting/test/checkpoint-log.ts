import type { GroupTable } from '@card/frames'
import {
  type Checkpoint,
  CheckpointReader,
  type CheckpointRecord,
  type CountingOptions,
  Checkpoint as NewCheckpoint,
  type Save,
  type StateChanges,
  StateImage,
} from '../src/index.js'

export type Delivery = 'exactly-once' | 'at-least-once'

// So small that a few users make states of many blocks, and blocks of many records.
const limits = { block: 64, begun: 256, record: 100, inline: 150 }

const fields = {
  group: 'likes',
  configuration: '{}',
  configEpoch: 0,
  topics: { checkpoint: 1, partials: 1 },
  input: null,
  revisionBase: 0,
  sums: { lines: 0, bytes: 0, blank: 0, fallbacks: 0 },
}

type Changes = Save['changes'] & Pick<StateChanges, 'ack' | 'abandon'>

/** The partition of a compacted topic that holds one owner's checkpoint, and the process that writes it. */
export class CheckpointLog {
  checkpoint: Checkpoint
  private log: CheckpointRecord[] = []
  private step: CheckpointRecord[] = []
  private reader: CheckpointReader
  private runs = 0
  private isFirst = false
  private steps = 0
  private changes: Changes | undefined

  constructor(
    readonly owner: string,
    private readonly delivery: Delivery,
    private readonly reusesEarly = false,
  ) {
    this.reader = new CheckpointReader(owner)
    this.checkpoint = new NewCheckpoint({ owner, run: this.run, limits })
  }

  /** The first step of a run that began with the state of another is whole; others now and then, as fragmentation asks for. */
  get wantsWhole(): boolean {
    return this.isFirst || this.steps++ % 5 === 4
  }

  /** Makes the records of a step. */
  write(save: Save & { readonly changes: Changes }, groups: GroupTable): void {
    this.step = []
    this.changes = save.changes
    for (const record of this.checkpoint.write(save, groups, fields))
      if (record !== undefined) this.step.push(record)
    if (this.reusesEarly) (this.checkpoint as unknown as { slots: { commit(): void } }).slots.commit()
  }

  /** The records of the step are in the log. */
  append(): void {
    this.log.push(...this.step)
    this.step = []
  }

  commit(): void {
    this.checkpoint.commit()
    this.changes?.ack()
    this.isFirst = false
    this.log.push(...this.reader.tombstones(this.run))
    this.reader = new CheckpointReader(this.owner)
  }

  abandon(): void {
    this.fail()
    this.checkpoint.abandon()
    this.changes?.abandon()
  }

  /** What a new process finds, after the cleaner has been at work. */
  restore({ counter }: CountingOptions, groups: GroupTable) {
    this.fail()
    this.compact()
    this.runs++
    this.isFirst = false
    this.reader = new CheckpointReader(this.owner)
    for (const { key, value } of this.log) if (this.reader.wants(key)) this.reader.take(key, value)
    const found = this.reader.restore({ run: this.run, limits })
    this.checkpoint = new NewCheckpoint({ owner: this.owner, run: this.run, limits })
    if (found === null) return null
    const image = new StateImage(counter, groups)
    const loading = found.load(image)
    for (let next = loading.next(); ; next = loading.next()) {
      if (next.done !== true) continue
      this.checkpoint = next.value
      break
    }
    this.isFirst = !found.isOwn
    return { head: found.head, records: image.records(), options: { saved: found.isOwn } }
  }

  private get run(): string {
    return this.delivery === 'exactly-once' ? '' : `run-${this.runs}`
  }

  /** Without transactions the records of a step that failed may be there, though never the last one. */
  private fail(): void {
    if (this.delivery === 'at-least-once') this.log.push(...this.step.slice(0, -1))
    this.step = []
  }

  /** Drops some of the records that later ones of the same key have replaced. */
  private compact(): void {
    const newest = new Map(this.log.map(({ key }, at) => [String.fromCharCode(...key), at]))
    this.log = this.log.filter(({ key }, at) => {
      const isNewest = newest.get(String.fromCharCode(...key)) === at
      return isNewest || (at * 7 + this.runs) % 3 === 0
    })
  }
}
