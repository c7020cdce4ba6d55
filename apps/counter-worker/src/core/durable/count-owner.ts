import {
  type CountingOptions,
  type CountStep,
  type Groups,
  type InputSums,
  PartitionCounter,
  type RowSums,
  type WantedLines,
} from '@card/counting'
import type { CountOwnerStep } from './effects.js'
import type { Birth, CountedInput, OwnedRowsInput, Restored } from './inputs.js'
import { OwnerLife } from './owner-life.js'
import type { Tally } from './tally.js'

/** What every owner of a worker counts with. */
export interface OwnedCounting {
  readonly counting: CountingOptions
  readonly groups: Groups
  readonly wanted: WantedLines
}

const noInput: InputSums = { lines: 0, bytes: 0, blank: 0, fallbacks: 0 }

/** Refused lines that wait for a step. */
const mostRefused = 4096

/** An input partition that this worker counts, or is taking over. */
export class CountOwner {
  readonly stage = 'count'
  readonly life = new OwnerLife()
  readonly partition: string
  readonly #parts: OwnedCounting
  #counter: PartitionCounter | null = null
  #input = noInput
  /** What had become of its rows before this worker had it. */
  #before: RowSums | null = null
  #step: CountStep | null = null
  /** Position of the last step that was taken. */
  #stepped = -1
  /** It was read to the end that was asked for. */
  hasEnded = false
  /** The next step saves everything, not only what has changed. */
  isNextWhole = false

  /** @param name `count/TOPIC/PARTITION` */
  constructor(
    readonly name: string,
    parts: OwnedCounting,
  ) {
    this.partition = name.slice('count/'.length)
    this.#parts = parts
  }

  /** Goes on from what was read back, or begins. */
  restore(state: Birth | Restored): void {
    if (state.kind === 'merger') throw new Error(`Expected the state of a counter for ${this.name}`)
    const { counting, groups, wanted } = this.#parts
    const { incarnation } = state
    const origin = { partition: this.partition, incarnation }
    const position = state.kind === 'born' ? state.position : 0
    const counter = new PartitionCounter(counting, groups, origin, wanted, position)
    if (state.kind === 'counter') counter.restore(state.head, state.image.records(), { saved: state.isOwn })
    this.#counter = counter
    this.#input = state.kind === 'counter' ? state.input : noInput
    this.#stepped = counter.progress.upTo
    this.#before = { ...counter.sums, rejected: [...counter.sums.rejected] }
    this.isNextWhole = state.kind === 'counter' && !state.isOwn
  }

  drop(): void {
    this.#counter = null
    this.#step = null
    this.hasEnded = false
  }

  count({ batch }: OwnedRowsInput): void {
    this.counter.consume(batch, this.position)
  }

  /** What was received is counted. */
  moveTo({ next, input }: CountedInput): void {
    const { lines, bytes, blank, fallbacks } = this.#input
    this.#input = {
      lines: lines + input.lines,
      bytes: bytes + input.bytes,
      blank: blank + input.blank,
      fallbacks: fallbacks + input.fallbacks,
    }
    this.counter.moveTo(next)
  }

  /** Everything that was asked for is read. */
  end(): void {
    this.hasEnded = true
    this.counter.end()
  }

  /** Whether it was read to its end, and that is committed. */
  get isDone(): boolean {
    return this.hasEnded && !this.isStepDue && !this.hasMoved
  }

  /** Whether a step says something to a merger, or frees memory: it is due at once. */
  get isStepDue(): boolean {
    const { hasNews, refusedCount } = this.counter
    return hasNews || refusedCount >= mostRefused
  }

  /** Whether there is anything that a step would save. */
  get hasMoved(): boolean {
    return this.#stepped !== this.counter.progress.upTo || this.counter.refusedCount > 0
  }

  get position(): number {
    return this.counter.progress.upTo
  }

  /** ms: the watermark that it holds others back by; Infinity: it holds nothing back */
  get lowest(): number {
    const { watermark, status } = this.counter.progress
    return status === 'active' && Number.isFinite(watermark) ? watermark : Number.POSITIVE_INFINITY
  }

  takeStep(): CountOwnerStep {
    this.#step = this.counter.takeStep({ whole: this.isNextWhole })
    this.isNextWhole = false
    this.#stepped = this.#step.progress.upTo
    return { stage: 'count', step: this.#step, input: this.#input }
  }

  /** The step is committed. @param isFragmented the next one is better whole */
  onCommit(isFragmented: boolean): void {
    this.isNextWhole ||= isFragmented
    this.#step?.save?.changes.ack()
    this.#step = null
  }

  get counter(): PartitionCounter {
    if (this.#counter === null) throw new Error(`Expected ${this.name} to be owned`)
    return this.#counter
  }

  /** Adds what this worker has made of its rows. */
  tallyWork(to: Tally): void {
    if (this.#counter !== null) to.addRows(this.#counter.sums, this.#before!)
  }

  /** What became of its lines so far, since its birth. */
  get sums(): RowSums & InputSums {
    return { ...this.counter.sums, ...this.#input }
  }
}
