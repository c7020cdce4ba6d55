import {
  type Announced,
  type CountingOptions,
  type Groups,
  Merger,
  type MergeStep,
  type ReadPartials,
  type ReadProgress,
} from '@card/counting'
import { resultsAtOnce } from '../write-steps.js'
import type { MergeOwnerStep } from './effects.js'
import type { Birth, Restored } from './inputs.js'
import { OwnerLife } from './owner-life.js'
import type { MergedSums, Tally } from './tally.js'

/** A partition of the partials log that this worker merges, or is taking over. */
export class MergeOwner {
  readonly stage = 'merge'
  readonly life = new OwnerLife()
  readonly #counting: CountingOptions
  readonly #groups: Groups
  #merger: Merger | null = null
  #position = 0
  #step: MergeStep | null = null
  /** What had been published before this worker had it. */
  #before: MergedSums | null = null
  #stepped = -1
  /** Everything that was asked for is published. */
  hasEnded = false
  /** Position of the last step that is committed: nothing before it is needed. */
  committed = 0
  /** Everything before it was asked to be deleted. */
  purged = 0
  /** The next step saves everything, not only what has changed. */
  isNextWhole = false

  /** @param name `merge/PARTITION` */
  constructor(
    readonly name: string,
    { counting, groups }: { readonly counting: CountingOptions; readonly groups: Groups },
  ) {
    this.#counting = counting
    this.#groups = groups
  }

  /** Goes on from what was read back, or begins. @param partitions those of the input, which hold windows until they are heard of */
  restore(state: Birth | Restored, partitions: Iterable<string>): void {
    if (state.kind === 'counter') throw new Error(`Expected the state of a merger for ${this.name}`)
    const position = state.kind === 'born' ? state.position : state.head.position
    const merger = new Merger(this.#counting, this.#groups, position)
    if (state.kind === 'merger') merger.restore(state.head, state.image.records(), { saved: state.isOwn })
    this.#merger = merger
    this.#position = position
    this.#stepped = position
    this.committed = position
    this.purged = 0
    this.isNextWhole = state.kind === 'merger' && !state.isOwn
    this.#before = { published: merger.published, closed: merger.closed }
    this.know(partitions)
  }

  drop(): void {
    this.#merger = null
    this.#step = null
    this.hasEnded = false
  }

  know(partitions: Iterable<string>): void {
    for (const partition of partitions) this.merger.addPartition(partition)
  }

  merge(entries: Iterable<ReadPartials | ReadProgress>, next: number): void {
    const { merger } = this
    for (const entry of entries) {
      if (entry.kind === 'progress') merger.advance(entry.progress)
      else for (const partial of entry.partials) merger.absorb(entry.origin, entry.upTo, partial)
    }
    this.#position = next
    this.hasEnded = false
    merger.moveTo(next)
  }

  announce(until: number, limit: number): Announced {
    return this.merger.announce(until, limit)
  }

  /**
   * Publishes what is open when every partition was counted to its end, some of it.
   *
   * @returns whether there is more
   */
  publishEnds(ends: ReadonlyMap<string, number>): boolean {
    if (this.hasEnded || !this.merger.covers(ends)) return false
    const { more } = this.announce(Number.POSITIVE_INFINITY, resultsAtOnce)
    this.hasEnded = !more
    return more
  }

  /** Whether everything that was asked for is published and committed. */
  get isDone(): boolean {
    return this.hasEnded && !this.hasMoved
  }

  get isStepDue(): boolean {
    return this.merger.hasResults
  }

  /** Whether there is anything that a step would save. */
  get hasMoved(): boolean {
    return this.#stepped !== this.#position || this.merger.hasResults
  }

  get position(): number {
    return this.#position
  }

  /** What was merged and committed is asked to be deleted. @returns up to where */
  purge(): number {
    this.purged = this.committed
    return this.purged
  }

  takeStep(): MergeOwnerStep {
    this.#step = this.merger.takeStep({ whole: this.isNextWhole })
    this.isNextWhole = false
    this.#stepped = this.#position
    return { stage: 'merge', step: this.#step }
  }

  /** The step is committed. @param isFragmented the next one is better whole */
  onCommit(isFragmented: boolean): void {
    if (this.#step === null) return
    this.isNextWhole ||= isFragmented
    this.#step.save?.changes.ack()
    this.committed = this.#step.position
    this.#step = null
  }

  /** Adds what this worker has published. */
  tallyWork(to: Tally): void {
    if (this.#merger !== null) to.addResults(this.#merger, this.#before!)
  }

  get merger(): Merger {
    if (this.#merger === null) throw new Error(`Expected ${this.name} to be owned`)
    return this.#merger
  }
}
