import {
  type CounterHead,
  type CountingOptions,
  type InputSums,
  type MergerHead,
  type Partial,
  type Progress,
  type ReadPartials,
  type ReadProgress,
  type RefusedRow,
  type StateBlock,
  StateImage,
  type WindowResult,
  writeBlocks,
} from '@card/counting'
import { GroupTable } from '@card/frames'
import type { Forgotten } from '@card/windowing'
import { batchOf, type Frame } from '../../../../../packages/counting/test/logs.js'
import { DurableCore } from '../../../src/core/durable/durable-core.js'
import type { DurableEffect, StepEffect } from '../../../src/core/durable/effects.js'
import type { DurableInput } from '../../../src/core/durable/inputs.js'

/** A record between the stages. Groups travel as text, for ids are one process's own. */
type Entry =
  | { readonly entry: ReadProgress }
  | {
      readonly entry: ReadPartials
      readonly partial: Partial
      readonly group: string | null
    }

/** What the checkpoint topic keeps of an owner. */
interface Stored {
  head: CounterHead | MergerHead | undefined
  input: InputSums
  blocks: (StateBlock | Forgotten)[]
}

/** Mistakes that the tests of this harness plant. */
export type Defect = 'none' | 'read-before-fence' | 'no-fence' | 'offsets-before-outputs'

const noInput: InputSums = { lines: 0, bytes: 0, blank: 0, fallbacks: 0 }
const totalGroup = 0xffff_ffff
const mergers = 2

/** A Kafka of one job: input logs, the partials log, checkpoints, a group, and who may write for whom. */
export class Cluster {
  readonly results: WindowResult[] = []
  readonly refused: RefusedRow[] = []
  readonly partials: Entry[][] = Array.from({ length: mergers }, () => [])
  readonly stored = new Map<string, Stored>()
  readonly epochs = new Map<string, number>()
  /** Workers that may still do something, zombies among them. */
  readonly workers: Worker[] = []
  generation = 0
  /** Owners by the worker that has them in this generation. */
  assignment = new Map<Worker, string[]>()
  now = 0
  fenced = 0

  constructor(
    readonly options: CountingOptions,
    readonly inputs: readonly (readonly Frame[])[],
    readonly defect: Defect = 'none',
  ) {}

  get owners(): string[] {
    return [...this.inputs.map((_, p) => `count/t/${p}`), 'merge/0', 'merge/1']
  }

  get partitions(): string[] {
    return this.inputs.map((_, p) => `t/${p}`)
  }

  start(): Worker {
    const worker = new Worker(this)
    this.workers.push(worker)
    worker.tell({ kind: 'known', partitions: this.partitions, ends: null })
    return worker
  }

  /** A worker is gone, and all that it held. */
  kill(worker: Worker): void {
    this.workers.splice(this.workers.indexOf(worker), 1)
    this.assignment.delete(worker)
  }

  /** Gives every owner to one of these workers; who is told when is another matter. */
  share(members: readonly Worker[], turn: number): void {
    this.generation++
    this.assignment = new Map(members.map((worker) => [worker, []]))
    if (members.length === 0) return
    this.owners.forEach((owner, i) => {
      this.assignment.get(members[(i + turn) % members.length]!)!.push(owner)
    })
  }

  /** Of a step: written as one, or not at all where another has fenced its owner. */
  commit(owner: string, epoch: number, write: () => void): boolean {
    if (this.epochs.get(owner) !== epoch && this.defect !== 'no-fence') {
      this.fenced++
      return false
    }
    write()
    return true
  }
}

/** A worker process: a durable core, and the effects and answers that are on their way. */
export class Worker {
  readonly groups = new GroupTable()
  readonly core: DurableCore
  /** What is to be done, in order. */
  readonly doing: (() => void)[] = []
  /** What the core has not heard yet. */
  readonly hearing: DurableInput[] = []
  readonly #epochs = new Map<string, number>()
  /** Where each owner's partition is read. */
  readonly #positions = new Map<string, number>()
  readonly #early = new Map<string, Stored>()
  #told = -1
  hasFinished = false

  constructor(readonly cluster: Cluster) {
    const { options } = cluster
    const counting = { ...options, durable: true }
    const wanted = { rejected: true, late: true }
    const never = Number.POSITIVE_INFINITY
    const decisions = {
      outOfOrder: options.outOfOrder,
      idleTimeout: never,
      early: never,
      checkpointInterval: 50,
    }
    this.groups.id(`only of worker ${cluster.workers.length}`)
    this.core = new DurableCore(decisions, { counting, groups: this.groups, wanted }, cluster.now)
  }

  /** Hears of the generation that there is. */
  hearOfGroup(): void {
    const { cluster } = this
    if (this.#told === cluster.generation) return
    this.#told = cluster.generation
    const mine = cluster.assignment.get(this) ?? []
    const revoked = [...this.core.owners].map(({ name }) => name).filter((name) => !mine.includes(name))
    if (revoked.length > 0) this.tell({ kind: 'revoked', owners: revoked })
    const { generation } = cluster
    const kept = mine.filter((name) => this.core.owners.get(name) !== undefined)
    for (const owner of mine) {
      if (!kept.includes(owner)) this.tell({ kind: 'take-over', owner, generation })
    }
    this.tell({ kind: 'kept', owners: kept, generation })
  }

  /** Reads some records of one of its partitions. */
  read(which: number, most: number): void {
    const all = [...this.#positions]
    if (all.length === 0) return
    const [owner, position] = all[which % all.length]!
    const number = Number(owner.slice(owner.lastIndexOf('/') + 1))
    if (owner.startsWith('merge/')) this.#readPartials(owner, number, position, most)
    else this.#readFrames(owner, number, position, most)
  }

  act(): void {
    this.doing.shift()?.()
  }

  hear(): void {
    const input = this.hearing.shift()
    if (input !== undefined) this.tell(input)
  }

  tell(input: DurableInput): void {
    for (let next: DurableInput | null = input; next !== null; ) {
      const effects: DurableEffect[] = this.core.handle(next, this.cluster.now, 0)
      next = null
      for (const effect of effects) {
        if (effect.kind === 'continue') next = effect
        else this.#perform(effect)
      }
    }
  }

  #perform(effect: Exclude<DurableEffect, { kind: 'continue' }>): void {
    const { cluster } = this
    switch (effect.kind) {
      case 'heartbeat': {
        const { owner, term, generation } = effect
        this.doing.push(() => {
          const outcome = generation === cluster.generation ? 'accepted' : 'stale'
          if (cluster.defect === 'read-before-fence') this.#early.set(owner, this.#copyOf(owner))
          this.hearing.push({ kind: 'heartbeat', owner, term, outcome })
        })
        break
      }
      case 'fence': {
        const { owner, term } = effect
        this.doing.push(() => {
          const epoch = (cluster.epochs.get(owner) ?? 0) + 1
          cluster.epochs.set(owner, epoch)
          this.#epochs.set(owner, epoch)
          this.hearing.push({ kind: 'fencing', owner, term, outcome: 'done' })
        })
        break
      }
      case 'restore':
        this.doing.push(() => this.#restore(effect.owner, effect.term))
        break
      case 'step':
        this.#step(effect)
        break
      case 'start':
        this.#positions.set(effect.owner, effect.position)
        break
      case 'drop':
        this.#positions.delete(effect.owner)
        break
      case 'finish':
        this.hasFinished = true
    }
  }

  #restore(owner: string, term: number): void {
    const stored = this.#early.get(owner) ?? this.#copyOf(owner)
    const { head, blocks, input } = stored
    if (head === undefined) {
      const outcome = { kind: 'born', position: 0, incarnation: 0 } as const
      this.hearing.push({ kind: 'restoring', owner, term, outcome })
      return
    }
    const image = new StateImage(this.cluster.options.counter, this.groups)
    for (const block of blocks) {
      if (block.kind === 'forgotten') image.forget(block)
      else image.add(block.bytes)
    }
    const outcome =
      'sources' in head
        ? { kind: 'merger' as const, head, image, isOwn: true }
        : { kind: 'counter' as const, head, image, input, incarnation: 0, isOwn: true }
    this.hearing.push({ kind: 'restoring', owner, term, outcome })
  }

  #copyOf(owner: string): Stored {
    const stored = this.cluster.stored.get(owner)
    if (stored === undefined) return { head: undefined, input: noInput, blocks: [] }
    return { ...stored, blocks: [...stored.blocks] }
  }

  /** Serialized now; committed when it is its turn. */
  #step({ owner, term, step: { stage, step, ...rest } }: StepEffect): void {
    const { cluster } = this
    const save = step.save!
    const head = structuredClone<CounterHead | MergerHead>(save.head)
    const { changes } = save
    const blocks = [...writeBlocks(changes, this.groups, { block: 64, begun: 256 })]
    const input = 'input' in rest ? (rest.input as InputSums) : noInput
    const entries = stage === 'count' ? this.#entriesOf(step.partials, step.progress) : null
    const epoch = this.#epochs.get(owner) ?? 0
    this.doing.push(() => {
      const save = () => {
        const before = cluster.stored.get(owner)?.blocks ?? []
        cluster.stored.set(owner, { head, input, blocks: [...before, ...blocks] })
      }
      if (cluster.defect === 'offsets-before-outputs') save()
      const committed = cluster.commit(owner, epoch, () => {
        save()
        entries?.forEach((log, m) => {
          cluster.partials[m]!.push(...log)
        })
        if (stage === 'count') cluster.refused.push(...step.refused)
        else cluster.results.push(...step.results)
      })
      const outcome = committed ? 'done' : 'lost'
      this.hearing.push({ kind: 'step', owner, term, outcome, isFragmented: false })
    })
  }

  #entriesOf(partials: readonly Partial[], progress: Progress): Entry[][] {
    const logs: Entry[][] = Array.from({ length: mergers }, () => [])
    const { partition, incarnation, upTo } = progress
    for (const partial of partials) {
      const group = partial.group === totalGroup ? null : this.groups.text(partial.group)
      const entry = {
        kind: 'partials' as const,
        origin: { partition, incarnation },
        upTo,
        partials: [],
      }
      logs[group === null ? 0 : group.length % mergers]!.push({ entry, partial, group })
    }
    for (const log of logs) log.push({ entry: { kind: 'progress', progress, configEpoch: 0 } })
    return logs
  }

  #readFrames(owner: string, partition: number, position: number, most: number): void {
    const { inputs } = this.cluster
    const frames = inputs[partition]!.slice(position, position + most)
    if (frames.length === 0) return
    const next = position + frames.length
    this.#positions.set(owner, next)
    const batch = batchOf(frames, position, this.groups, `t/${partition}`)
    const input = { lines: frames.length, bytes: frames.length, blank: 0, fallbacks: 0 }
    this.tell({ kind: 'received', owner })
    this.tell({ kind: 'rows', owner, batch, areGroupIdsInUse: false })
    this.tell({ kind: 'counted', owner, next, input })
  }

  #readPartials(owner: string, number: number, position: number, most: number): void {
    const log = this.cluster.partials[number]!.slice(position, position + most)
    if (log.length === 0) return
    const next = position + log.length
    this.#positions.set(owner, next)
    const entries = log.map((each): ReadPartials | ReadProgress => {
      if (!('partial' in each)) return each.entry
      const { partial, group: text } = each
      const group = partial.group === totalGroup ? totalGroup : text === null ? 0 : this.groups.id(text)
      return { ...each.entry, partials: [{ ...partial, group }] }
    })
    this.tell({ kind: 'partials', owner, entries, next })
  }

  /** Everything that was asked for is read. */
  endInputs(): void {
    for (const [owner, position] of this.#positions) {
      const number = Number(owner.slice(owner.lastIndexOf('/') + 1))
      if (owner.startsWith('merge/') || position < this.cluster.inputs[number]!.length) continue
      this.tell({ kind: 'partition-ended', owner })
    }
  }

  get sums() {
    return this.core.owners.counters.map(({ sums }) => sums)
  }
}
