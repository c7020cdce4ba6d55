import { type FrameColumns, type GroupTable, rejectionReasons } from '@card/frames'
import {
  Outcome,
  type RollingView,
  rollUpPlan,
  Source,
  WindowEngine,
  type WindowEngineOptions,
  type WindowSize,
} from '@card/windowing'
import type { RefusedLine } from '../output/refused-text.js'
import type { Result } from '../output/result-line.js'
import { type CounterOptions, counterAggregate, type WindowState } from './counters.js'
import { PanePublisher } from './pane-publisher.js'

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
  /** Give each result the canonical HLL_8 image of this precision; null: none. */
  readonly sketchPrecision: number | null
  /** The partitions known from the start; several inputs read in order are one partition. */
  readonly partitions: readonly number[]
}

/** Where the core finds the rows of a batch; a frame reader is one. */
export interface FrameBatches {
  readonly columns: FrameColumns
  /** What the columns `start` and `length` point into. */
  readonly bytes: Uint8Array
  readonly groups: GroupTable
  /** Batches to come name groups by ids they have now, so that none may be freed. */
  readonly areIdsInUse?: boolean
}

/** What becomes of a late frame; `ahead`, of one that the far-future guard gave up, stands beside these. */
export type LateAction = 'dropped' | 'file' | 'topic'

/** Where what comes out of the core goes. */
export interface CountingOutput {
  result(result: Result): void
  /** Takes a rejected line; null: nobody wants them. */
  readonly rejected: ((reason: string, line: RefusedLine) => void) | null
  /** Takes a late line; null: nobody wants them. */
  readonly late: ((action: string, line: RefusedLine) => void) | null
  readonly lateAction: LateAction
  /** Keeps the lines of held frames, whose fate is open; null: no line is wanted later. */
  readonly held: HeldOutput | null
}

interface HeldOutput {
  keep(key: number, line: RefusedLine): void
  /** The line kept under this key, which is forgotten. */
  take(key: number): RefusedLine
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
  readonly #partitions: Set<number>
  /** The id of the overflow group, 0 when there is none. */
  readonly #overflow: number
  readonly #rejected = new Array<number>(rejectionReasons.length).fill(0)
  /** ms of the windows that take frames; of calendar sizes that of the shortest, a day */
  readonly #baseLength: number
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
    this.#partitions = new Set(options.partitions)
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
    }
    this.#engine = new WindowEngine(this.#engineOptions)
    const steps = options.rolling.map(({ every }) => every)
    const base = rollUpPlan(options.windows, options.timezone, steps)[0]!.size
    this.#baseLength = 'length' in base ? base.length : 86_400_000
  }

  /**
   * Takes the rows that the reader's columns hold now.
   *
   * @param source what refused lines name as theirs
   * @param ceiling ms, for each row: a frame later than it is held and is no evidence of where the stream is
   */
  consume(source: string, partition = 0, ceiling?: Float64Array): void {
    const { columns } = this.#reader
    const { rows } = columns
    const events = ceiling === undefined ? columns : { ...columns, ceiling }
    let row = 0
    while (row < rows) {
      row = this.#engine.push(partition, events, row, rows)
      this.#settleRuns(source, partition)
      this.#publishDue()
    }
    this.#sweepGroups()
  }

  /** Adds a partition; after the start it begins with the combined watermark of this moment. No effect when it is known. */
  addPartition(partition: number): void {
    this.#engine.addPartition(partition)
    this.#partitions.add(partition)
  }

  /** A partition is quiet, or somebody else's: it no longer holds windows back until its next frame, or `active`. */
  idle(partition: number): void {
    this.#engine.idle(partition)
    this.#publishDue()
  }

  /** A partition is read again: it begins with the combined watermark of this moment. */
  active(partition: number): void {
    this.#engine.active(partition)
    this.#publishDue()
  }

  /** The partitions that are ahead of the combined watermark by more than so many base windows, which they keep open. */
  tooFarAhead(windows: number): number[] {
    return this.#engine.tooFarAhead(windows * this.#baseLength)
  }

  /** Nothing more comes from a partition. */
  endPartition(partition: number): void {
    this.#engine.endPartition(partition)
    this.#publishDue()
  }

  /** Publishes what changed and has not ended yet. */
  early(): void {
    this.#publisher.publish(this.#engine.early())
  }

  /**
   * The stream is silent: what a flush would publish now is published, as far as its windows ended at or before
   * `until`. Nothing is closed by it: when frames come after all, they count, and correct what was published.
   *
   * @param until ms
   * @returns the end of the first open window after it; Infinity: there is none
   */
  publishSilent(until: number): number {
    const closed = this.#engine.watermark - (this.#engineOptions.allowedLateness ?? 0)
    return this.#publisher.publishAhead(this.#flushedCopy(), until, closed)
  }

  /** The end of the stream: every open window is published. */
  flush(): void {
    this.#engine.flush()
    this.#settleRuns('', 0)
    this.#publishDue()
  }

  /** Windows, counted for each group, whose latest content is not published. */
  get unfinished(): number {
    return this.#publisher.isAhead
      ? this.#publisher.unpublished(this.#flushedCopy())
      : this.#engine.unfinished
  }

  /** Frames that wait in the far-future guard now. */
  get held(): number {
    return this.#engine.counters.held
  }

  /** The watermark of a partition in ms; -Infinity: none yet, Infinity: after the flush. */
  watermarkOf(partition: number): number {
    return this.#engine.partitionWatermark(partition)
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
    const { counted, late, ahead, held, 'too-many-groups': tooManyGroups } = this.#engine.counters
    const rejected: Record<string, number> = {}
    for (let status = 1; status < rejectionReasons.length; status++) {
      if (this.#rejected[status]! > 0) rejected[rejectionReasons[status]!] = this.#rejected[status]!
    }
    if (tooManyGroups > 0) rejected['too-many-groups'] = tooManyGroups
    const actions: Record<string, number> = {}
    if (late > 0) actions[this.#output.lateAction] = late
    if (ahead + held > 0) actions.ahead = ahead + held
    return { counted, rejected, late: actions, windows: this.#publisher.windows }
  }

  /** Rows that the reader rejected; in their turn among the rows, so that lines are refused in their order. */
  #reject(source: string, from: number, to: number): void {
    const { status } = this.#reader.columns
    for (let row = from; row < to; row++) {
      const reason = status[row]!
      this.#rejected[reason]!++
      this.#output.rejected?.(rejectionReasons[reason]!, this.#line(source, row))
    }
  }

  #settleRuns(source: string, partition: number): void {
    const { runs, released } = this.#engine
    const { hash } = this.#reader.columns
    for (let run = 0; run < runs.length; run++) {
      const from = runs.from[run]!
      const to = runs.to[run]!
      const outcome = runs.outcome[run]!
      const ofBatch = runs.source[run] === Source.batch
      if (outcome === Outcome.counted) {
        const state = this.#engine.state(runs.slot[run]!)
        state?.addHashes(ofBatch ? hash : released.hash, from, to)
      }
      if (ofBatch) this.#settleBatchRun(run, outcome, from, to, source, partition)
      else this.#settleReleasedRun(outcome, from, to)
    }
  }

  #settleBatchRun(
    run: number,
    outcome: number,
    from: number,
    to: number,
    source: string,
    partition: number,
  ): void {
    if (outcome === Outcome.counted) return
    if (outcome === Outcome.skipped) {
      this.#reject(source, from, to)
      return
    }
    const { held } = this.#output
    const ticket = this.#engine.runs.ticket[run]!
    for (let row = from; row < to; row++) {
      if (outcome !== Outcome.held) this.#refuse(outcome, () => this.#line(source, row))
      else held?.keep(heldKey(partition, ticket + row - from), this.#line(source, row))
    }
  }

  #settleReleasedRun(outcome: number, from: number, to: number): void {
    const { held } = this.#output
    if (held === null) return
    const { partition, ticket } = this.#engine.released
    for (let row = from; row < to; row++) {
      const line = held.take(heldKey(partition[row]!, ticket[row]!))
      this.#refuse(outcome, () => line)
    }
  }

  /** Hands a line that is not counted to whoever wants it. */
  #refuse(outcome: number, line: () => RefusedLine): void {
    const { late, rejected } = this.#output
    if (outcome === Outcome.late) late?.(this.#output.lateAction, line())
    else if (outcome === Outcome.ahead) late?.('ahead', line())
    else if (outcome === Outcome.tooManyGroups) rejected?.('too-many-groups', line())
  }

  #publishDue(): void {
    if (this.#engine.panesDue) this.#publisher.publish(this.#engine.takePanes())
  }

  /** What a flush would publish, while the engine itself goes on as it was. */
  #flushedCopy() {
    const copy = new WindowEngine<WindowState>(this.#engineOptions)
    // A whole snapshot counts as saved: who keeps the changes since the last one makes this one's beforehand.
    copy.restore(this.#engine.snapshot())
    // Idleness is not part of a snapshot, and a partition that held nothing back must not begin to.
    for (const partition of this.#partitions) copy.idle(partition)
    const due = copy.takePanes()
    copy.flush()
    const { runs, released } = copy
    for (let run = 0; run < runs.length; run++) {
      if (runs.outcome[run] !== Outcome.counted) continue
      copy.state(runs.slot[run]!)?.addHashes(released.hash, runs.from[run]!, runs.to[run]!)
    }
    return [...due, ...copy.takePanes()]
  }

  #line(source: string, row: number): RefusedLine {
    const { columns, bytes } = this.#reader
    const start = columns.start[row]!
    return { source, offset: columns.offset[row]!, line: bytes.subarray(start, start + columns.length[row]!) }
  }

  /** Frees groups that no open window uses, whenever the table has doubled since the last time. */
  #sweepGroups(): void {
    const { groups, areIdsInUse } = this.#reader
    if (areIdsInUse === true || !this.isSweepDue) return
    groups.sweep((id) => id === this.#overflow || this.#engine.isLiveGroup(id))
    this.#sweepAt = Math.max(4096, groups.size * 2)
  }
}

/** The guard counts its tickets in each partition: one number for both, exact up to 2^37 held frames of each. */
function heldKey(partition: number, ticket: number): number {
  return partition * 2 ** 37 + ticket
}
