import {
  Outcome,
  type Pane,
  type RollingView,
  rollUpPlan,
  Source,
  WindowEngine,
  type WindowEngineOptions,
  type WindowSize,
} from '@card/windowing'
import { type CounterOptions, counterAggregate, type WindowState } from './counters.js'
import type { CountingOutput } from './counting-output.js'
import type { FrameBatches } from './frame-batches.js'
import { PanePublisher } from './pane-publisher.js'
import { RefusedRows } from './refused-rows.js'
import { type TimeFigures, TimeWatch } from './time-watch.js'
import { TotalRows } from './total-rows.js'

/** What is counted, and over which windows. */
export interface CountingOptions {
  readonly counter: CounterOptions
  readonly windows: readonly WindowSize[]
  /** Unions of the last windows of a size. */
  readonly rolling: readonly RollingView[]
  /** IANA name, of the calendar sizes. */
  readonly timezone: string
  /** ms */
  readonly outOfOrder: number
  /** ms */
  readonly lateness: number
  /** ms, not below `outOfOrder`; Infinity: no far-future guard */
  readonly maxAhead: number
  readonly maxGroups: number
  readonly groupOverflow: 'other' | 'reject'
  /** One more result of each window, which counts all its groups together. */
  readonly totals: boolean
  /** Give each result the canonical HLL_8 image of this precision; null: none. */
  readonly sketchPrecision: number | null
  /** The partitions known from the start; several inputs read in order are one partition. */
  readonly partitions: readonly number[]
}

/** The group of frames for which there was no place. */
const overflowGroup = '__other__'

/**
 * The pure heart of the program: batches of frames in, results out, without clock or I/O. A batch belongs to one
 * partition, whose frames come in the order of its log.
 */
export class CountingCore {
  readonly #reader: FrameBatches
  readonly #output: CountingOutput
  readonly #engine: WindowEngine<WindowState>
  readonly #engineOptions: WindowEngineOptions<WindowState>
  readonly #publisher: PanePublisher
  readonly #refused: RefusedRows
  readonly #times: TimeWatch
  readonly #totals = new TotalRows()
  /** The id of the overflow group, 0 when there is none. */
  readonly #overflow: number
  /** ms of the windows that take frames; of calendar sizes that of the shortest, a day */
  readonly #baseLength: number
  /** A silent publication that goes on with the next call. */
  #silent: { readonly until: number; readonly panes: Iterator<Pane<WindowState>> } | null = null
  #sweepAt = 4096

  /** @param reader whose columns each `consume` takes, and whose ids name the groups */
  constructor(options: CountingOptions, reader: FrameBatches, output: CountingOutput) {
    this.#reader = reader
    this.#output = output
    this.#publisher = new PanePublisher(
      reader.groups,
      (result) => output.result(result),
      options.sketchPrecision,
    )
    this.#overflow = options.groupOverflow === 'reject' ? 0 : reader.groups.id(overflowGroup)
    this.#engineOptions = {
      sizes: options.windows,
      rolling: options.rolling,
      zone: options.timezone,
      aggregate: counterAggregate(options.counter),
      partitions: options.partitions,
      outOfOrderness: options.outOfOrder,
      allowedLateness: options.lateness,
      maxAhead: options.maxAhead,
      maxGroups: options.maxGroups,
      overflowGroup: this.#overflow === 0 ? 'reject' : this.#overflow,
      totals: options.totals,
    }
    this.#engine = new WindowEngine(this.#engineOptions)
    this.#refused = new RefusedRows(reader, this.#engine, output)
    this.#times = new TimeWatch(this.#engine, reader)
    const steps = options.rolling.map(({ every }) => every)
    const base = rollUpPlan(options.windows, options.timezone, steps)[0]!.size
    this.#baseLength = 'length' in base ? base.length : 86_400_000
  }

  /**
   * Takes the rows that the reader's columns hold now.
   *
   * @param source what refused lines name as theirs
   */
  consume(source: string, partition = 0): void {
    const { columns } = this.#reader
    const { rows } = columns
    let row = 0
    while (row < rows) {
      row = this.#engine.push(partition, columns, row, rows)
      this.#settleRuns(source, partition)
      this.#times.look(source, partition, this.#output.warn)
      this.#publishDue()
    }
    this.#sweepGroups()
  }

  /** Adds a partition, active and without a watermark of its own. No effect when it is known. */
  addPartition(partition: number): void {
    this.#engine.addPartition(partition)
  }

  /**
   * A partition is quiet, or is read elsewhere: it no longer holds windows back until its next frame, or `active`. While it
   * holds frames that nothing has contradicted, that waits for `flushHeld`.
   */
  idle(partition: number): void {
    this.#engine.idle(partition)
    this.#publishDue()
  }

  /** A partition has been quiet for so long that its held frames wait for no others: they count, or leave as `ahead`. */
  flushHeld(partition: number): void {
    this.#engine.flushHeld(partition)
    this.#settleRuns('', partition)
    this.#publishDue()
  }

  /** A partition is read again. */
  active(partition: number): void {
    this.#engine.active(partition)
    this.#publishDue()
  }

  /** The partitions that are ahead of the combined watermark by more than so many base windows, which they keep open. */
  tooFarAhead(windows: number): number[] {
    return this.#engine.tooFarAhead(windows * this.#baseLength)
  }

  /** Nothing more comes from a partition: its held frames are judged. */
  endPartition(partition: number): void {
    this.#engine.endPartition(partition)
    this.#settleRuns('', partition)
    this.#publishDue()
  }

  /** Publishes what changed and has not ended yet. */
  early(): void {
    this.#publisher.publish(this.#engine.early())
  }

  /**
   * The stream is silent: what open windows hold is published, as far as they ended at or before `until`. Nothing is closed by it: when frames come after all, they count, and correct what was published.
   *
   * @param until ms
   * @param limit results of one call, so that it does not take long
   * @returns whether there is more, for another call; else the end of the first open window after `until`, Infinity: none
   */
  publishSilent(until: number, limit = Number.POSITIVE_INFINITY): { more: boolean; next: number } {
    if (this.#silent?.until !== until) {
      const panes = this.#engine.announce(until, this.#publisher.compare)[Symbol.iterator]()
      this.#silent = { until, panes }
    }
    for (let left = limit; left > 0; left--) {
      const { done, value } = this.#silent.panes.next()
      if (done === true) {
        this.#silent = null
        return { more: false, next: this.#engine.nextAnnouncement(until) }
      }
      this.#publisher.publishOne(value)
    }
    return { more: true, next: until }
  }

  /** The end of the stream: every open window is published. */
  flush(): void {
    for (const _ of this.flushInSteps());
  }

  /** Flushes, and comes back after some thousands of results: their text need not be in memory all at once. */
  *flushInSteps(): Generator<void> {
    this.#engine.flush()
    this.#settleRuns('', 0)
    if (this.#engine.panesDue) yield* this.#publisher.publishInSteps(this.#engine.takePanes(), 4096)
  }

  /** Windows, counted for each group, whose latest content is not published. */
  get unfinished(): number {
    return this.#engine.unfinished
  }

  /** Frames that wait in the far-future guard now. */
  get held(): number {
    return this.#engine.counters.held
  }

  /** The watermark of a partition in ms; -Infinity: none yet, Infinity: after the flush. */
  watermarkOf(partition: number): number {
    return this.#engine.partitionWatermark(partition)
  }

  /** What is known of the event times of a partition. */
  timesOf(partition: number): TimeFigures {
    return this.#times.figures(partition)
  }

  /** Whether groups are to be freed as soon as no batch to come has ids. */
  get isSweepDue(): boolean {
    return this.#reader.groups.size >= this.#sweepAt
  }

  /** Windows that hold state, by the name of their size. */
  get openWindows(): Record<string, number> {
    return this.#engine.openBySize
  }

  /** Bytes of the states of open windows, by the name of their size; a hidden base size has its own. */
  get estimatorBytes(): Record<string, number> {
    return this.#engine.stateBytes
  }

  /** Results published so far by pane, and final ones by window size. */
  get published(): Pick<PanePublisher, 'results' | 'finals'> {
    return this.#publisher
  }

  /** What became of the frames so far. Frames that still wait in the guard count as late, action `ahead`. */
  get sums() {
    const { counted, late, closed, ahead, held, 'too-many-groups': tooManyGroups } = this.#engine.counters
    const rejected = this.#refused.rejected
    if (tooManyGroups > 0) rejected['too-many-groups'] = tooManyGroups
    const actions: Record<string, number> = {}
    if (late > 0) actions[this.#output.lateAction] = late
    if (closed > 0) actions.closed = closed
    if (ahead + held > 0) actions.ahead = ahead + held
    return { counted, rejected, late: actions, windows: this.#publisher.windows }
  }

  #settleRuns(source: string, partition: number): void {
    const { runs, released } = this.#engine
    const { hash } = this.#reader.columns
    const totals = this.#totals
    for (let run = 0; run < runs.length; run++) {
      const from = runs.from[run]!
      const to = runs.to[run]!
      const outcome = runs.outcome[run]!
      const ofBatch = runs.source[run] === Source.batch
      if (outcome === Outcome.counted) {
        const hashes = ofBatch ? hash : released.hash
        const slot = runs.slot[run]!
        this.#engine.state(slot)?.addHashes(hashes, from, to)
        if (this.#engineOptions.totals === true) totals.add(this.#engine.totalState(slot), hashes, from, to)
      }
      if (ofBatch) this.#refused.settleBatchRun(run, source, partition)
      else this.#refused.settleReleasedRun(run)
    }
    totals.settle()
  }

  #publishDue(): void {
    if (this.#engine.panesDue) this.#publisher.publish(this.#engine.takePanes())
  }

  /** Frees groups that no open window uses, whenever the table has doubled since the last time. */
  #sweepGroups(): void {
    const { groups, areIdsInUse } = this.#reader
    if (areIdsInUse === true || !this.isSweepDue) return
    groups.sweep((id) => id === this.#overflow || this.#engine.isLiveGroup(id))
    this.#sweepAt = Math.max(4096, groups.size * 2)
  }
}
