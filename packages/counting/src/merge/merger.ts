import { WindowEngine } from '@card/windowing'
import type { Origin, Partial, PartialState, Progress } from '../count/partial.js'
import { type Groups, groupNames } from '../groups.js'
import { baseLength, type CountingOptions } from '../options.js'
import { ResultMaker } from '../result.js'
import type { EngineRecord } from '../saved/engine-record.js'
import { StateChanges } from '../saved/state-changes.js'
import type { RestoreOptions, StepOptions } from '../saved/step-options.js'
import { Growth } from '../state/growth.js'
import { counterAggregate, type WindowState } from '../state/window-state.js'
import { type Announced, Announcement } from './announcement.js'
import type { MergerHead, MergeStep, PublishedSums, Results } from './merge-step.js'
import { Publisher } from './publisher.js'
import { type Source, Sources } from './sources.js'

const leastKeep = 60_000

/**
 * Unites what partition counters have counted: every size and rolling view of the groups that come to it. A window is
 * one union, with the events of each partition; it fires by the least watermark of the active partitions.
 */
export class Merger {
  private readonly engine: WindowEngine<WindowState>
  private readonly aggregate
  private readonly sources = new Sources()
  private readonly publisher: Publisher
  private readonly announcement: Announcement
  private readonly growth: Growth
  private readonly groups: Groups
  private readonly durable: boolean
  private position: number

  /**
   * @param groups the table behind the ids of partials
   * @param position where the log of partials is read from
   */
  constructor(options: CountingOptions, groups: Groups, position = 0) {
    this.groups = groups
    this.position = position
    this.durable = options.durable ?? false
    this.growth = new Growth({ sends: false, saves: true, limits: options.parts })
    this.aggregate = counterAggregate(options.counter)
    this.engine = new WindowEngine({
      sizes: options.windows,
      rolling: options.rolling,
      zone: options.timezone,
      aggregate: this.aggregate,
      partitions: [],
      // A partition that wakes from idleness brings frames of now: their windows are kept a little longer than lateness
      // asks for.
      allowedLateness: options.lateness + Math.max(leastKeep, baseLength(options)),
      trackChanges: this.durable,
    })
    this.publisher = new Publisher(new ResultMaker(groups, options.sketchPrecision))
    this.announcement = new Announcement(this.engine, this.publisher)
  }

  /** A partition is known to exist: until its first progress nothing fires. No effect when it is known. */
  addPartition(partition: string): void {
    if (this.sources.get(partition) === undefined) this.begin({ partition, incarnation: -1 })
  }

  /** A partition is no more; what it has counted stays. */
  removePartition(partition: string): void {
    const source = this.sources.get(partition)
    if (source === undefined) return
    this.sources.remove(partition)
    this.engine.removePartition(source.id)
    this.publish()
  }

  /**
   * Takes a partial. One that comes again, after a replay, changes nothing.
   *
   * @param upTo the offset after the last frame in it
   */
  absorb(origin: Origin, upTo: number, { start, group, events, added, state }: Partial): void {
    const source = this.sourceOf(origin)
    // What a partition sends when it falls silent is no further than its last progress.
    if (source === undefined || upTo < source.upTo) return
    this.announcement.restart()
    this.publisher.settle()
    // A state that its counter saved is followed from where that left it; a copy is followed from its beginning.
    const owned = state.form === 'bytes' || (state.owned && !this.durable)
    if (!this.engine.absorb(source.id, start, group, this.stateOf(state), events, owned))
      source.closed += added
  }

  /** A partition was counted as far as this; the partials before it are in. */
  advance(progress: Progress): void {
    const source = this.sourceOf(progress)
    if (source === undefined || progress.upTo < source.upTo) return
    source.upTo = progress.upTo
    source.watermark = Math.max(source.watermark, progress.watermark)
    source.status = progress.status
    this.engine.observe(source.id, source.watermark)
    if (source.status === 'idle') this.engine.idle(source.id)
    this.publish()
  }

  /** Publishes what changed and has not ended yet. */
  early(): void {
    this.publisher.settle()
    this.announcement.restart()
    this.publisher.add(this.engine.early())
  }

  /**
   * The stream is silent: what a flush would publish is published as far as its windows ended at or before `until`.
   * Nothing is closed by it: frames that come after all count, and correct what was published.
   *
   * @param until ms
   * @param limit results of one call, so that it does not take long; call again while there is more
   */
  announce(until: number, limit = Number.POSITIVE_INFINITY): Announced {
    return this.announcement.advance(until, limit)
  }

  /** The end of the stream: every open window is published. */
  flush(): void {
    this.engine.flush()
    this.publish()
  }

  /** The log of partials has been read up to here. */
  moveTo(position: number): void {
    this.position = position
  }

  /** The combined watermark in ms; -Infinity: none yet, Infinity: after the end. */
  get watermark(): number {
    return this.engine.watermark
  }

  /** Windows, counted for each group, whose latest content is not published. */
  get unfinished(): number {
    return this.engine.unfinished
  }

  /** Whether the step to come has results. */
  get hasResults(): boolean {
    return this.publisher.isWaiting
  }

  /** Whether every partition it knows has been heard of, and is idle. */
  get isIdle(): boolean {
    let known = 0
    for (const { status } of this.sources) {
      if (status !== 'idle') return false
      known++
    }
    return known > 0
  }

  /** Whether everything of these partitions up to their offsets has come: an active one may hold some of it back. */
  covers(offsets: ReadonlyMap<string, number>): boolean {
    for (const [partition, offset] of offsets) {
      const source = this.sources.get(partition)
      if (source?.status !== 'idle' || source.upTo < offset) return false
    }
    return true
  }

  /** Windows that hold state, by the name of their size. */
  get openWindows(): Record<string, number> {
    return this.engine.openBySize
  }

  /** Bytes of the states of open windows, by the name of their size. */
  get stateBytes(): Record<string, number> {
    return this.engine.stateBytes
  }

  /** Events that came after their window had dropped its state: late, action `closed`. */
  get closed(): number {
    let closed = 0
    for (const source of this.sources) closed += source.closed
    return closed
  }

  get published(): PublishedSums {
    return this.publisher.published
  }

  isLiveGroup(id: number): boolean {
    return this.engine.isLiveGroup(id)
  }

  /**
   * Everything since the step before, as one value. Where the state is saved, read `save` to its end before the next call,
   * and acknowledge it when the step is safe.
   *
   * @throws WindowingError snapshot-open: the step before is neither acknowledged nor abandoned
   */
  takeStep(options: StepOptions = {}): MergeStep {
    const { results } = this.takeResults()
    return { results, position: this.position, save: this.durable ? this.save(options) : null }
  }

  /** Results alone, about so many at most: of a merger whose state is not saved. Those that wait are made with each call. */
  takeResults(limit = Number.POSITIVE_INFINITY): Results {
    return this.publisher.take(limit)
  }

  /** The end of the oldest window that has not come out, in ms; -Infinity: there is none. */
  get nextEnd(): number {
    return this.engine.nextEnd
  }

  /**
   * Brings a new merger to where a step was taken.
   *
   * @param records of a `StateImage`
   */
  restore(head: MergerHead, records: Iterable<EngineRecord>, { saved = true }: RestoreOptions = {}): void {
    const noted = saved ? this.growth.noteRestored(records) : records
    this.engine.restoreRecords(head.engine, noted, groupNames(this.groups))
    this.position = head.position
    this.sources.load(head.sources)
    this.publisher.restore(head.published)
    // Idleness is no part of an engine's state.
    for (const { id, status } of this.sources) if (status === 'idle') this.engine.idle(id)
    this.publish()
  }

  private save({ whole = false }: StepOptions): NonNullable<MergeStep['save']> {
    const changes = this.engine.changes({ groups: groupNames(this.groups), whole })
    const head: MergerHead = {
      format: 1,
      engine: changes.head,
      position: this.position,
      sources: this.sources.save(),
      published: this.publisher.published,
    }
    return { head, changes: new StateChanges(changes, this.growth) }
  }

  private publish(): void {
    this.announcement.restart()
    this.publisher.settle()
    if (this.engine.panesDue) this.publisher.add(this.engine.takePanes())
  }

  /** The source of an origin, begun where it is new; undefined: it is of an incarnation that another has followed. */
  private sourceOf(origin: Origin): Source | undefined {
    const known = this.sources.get(origin.partition)
    if (known === undefined || origin.incarnation > known.incarnation) return this.begin(origin)
    return origin.incarnation === known.incarnation ? known : undefined
  }

  private begin(origin: Origin): Source {
    const before = this.sources.get(origin.partition)
    const source = this.sources.begin(origin)
    // Added before the other goes: without any partition that holds it the watermark would run on.
    this.engine.addPartition(source.id)
    if (before !== undefined) {
      this.engine.removePartition(before.id)
      this.publish()
    }
    return source
  }

  private stateOf(state: PartialState): WindowState {
    if (state.form === 'live') return state.state
    return state.bytes === null ? null : this.aggregate.load(state.bytes)
  }
}
