import { type FrameReader, FrameStatus, rejectionReasons } from '@card/frames'
import { Outcome, type Pane, Source, WindowEngine, type WindowSize } from '@card/windowing'
import type { RefusedLine } from '../output/refused-lines.js'
import { confidence, type Result } from '../output/result-line.js'
import { type CounterOptions, counterAggregate, hllImage, type WindowState } from './counters.js'

/** What is counted, and over which windows. */
export interface CountingOptions {
  readonly counter: CounterOptions
  readonly windows: readonly WindowSize[]
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
}

/** Where what comes out of the core goes. */
export interface CountingOutput {
  result(result: Result): void
  /** Takes a rejected line; null: nobody wants them. */
  readonly rejected: ((reason: string, line: RefusedLine) => void) | null
  /** Takes a late line, whose action is then `file`; null: nobody wants them, they are `dropped`. */
  readonly late: ((action: string, line: RefusedLine) => void) | null
  /** Keeps the lines of held frames, whose fate is open; null: no line is wanted later. */
  readonly held: HeldOutput | null
}

interface HeldOutput {
  keep(ticket: number, line: RefusedLine): void
  /** The line kept under this ticket, which is forgotten. */
  take(ticket: number): RefusedLine
}

/** The group of frames for which there was no place. */
const overflowGroup = '__other__'
const partition = 0

/**
 * The pure heart of the program: batches of frames in, results out, without clock or I/O. Frames come from one
 * partition: several inputs are one log, read in order.
 */
export class CountingCore {
  readonly #reader: FrameReader
  readonly #output: CountingOutput
  readonly #engine: WindowEngine<WindowState>
  readonly #sketchPrecision: number | null
  readonly #lateAction: 'file' | 'dropped'
  /** The id of the overflow group, 0 when there is none. */
  readonly #overflow: number
  readonly #rejected = new Array<number>(rejectionReasons.length).fill(0)
  #published = 0
  #sweepAt = 4096

  /** @param reader whose columns each `consume` takes, and whose ids name the groups */
  constructor(options: CountingOptions, reader: FrameReader, output: CountingOutput) {
    this.#reader = reader
    this.#output = output
    this.#sketchPrecision = options.sketchPrecision
    this.#lateAction = output.late === null ? 'dropped' : 'file'
    this.#overflow = options.groupOverflow === 'reject' ? 0 : reader.groups.id(overflowGroup)
    this.#engine = new WindowEngine({
      sizes: options.windows,
      zone: options.timezone,
      aggregate: counterAggregate(options.counter),
      partitions: [partition],
      outOfOrderness: options.outOfOrder,
      allowedLateness: options.lateness,
      maxAhead: options.maxAhead,
      maxGroups: options.maxGroups,
      overflowGroup: this.#overflow === 0 ? 'reject' : this.#overflow,
    })
  }

  /** Takes the rows that the reader's columns hold now. */
  consume(source: string): void {
    const { columns } = this.#reader
    this.#reject(source)
    let row = 0
    while (row < columns.rows) {
      row = this.#engine.push(partition, columns, row, columns.rows)
      this.#settleRuns(source)
      this.#publishDue()
    }
    this.#sweepGroups()
  }

  /** Publishes what changed and has not ended yet. */
  early(): void {
    this.#publish(this.#engine.early())
  }

  /** The end of the stream: every open window is published. */
  flush(): void {
    this.#engine.flush()
    this.#settleRuns('')
    this.#publishDue()
  }

  /** Windows, counted for each group, whose latest content is not published. */
  get unfinished(): number {
    return this.#engine.unfinished
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
    if (late > 0) actions[this.#lateAction] = late
    if (ahead + held > 0) actions.ahead = ahead + held
    return { counted, rejected, late: actions, windows: this.#published }
  }

  #reject(source: string): void {
    const { rows, status } = this.#reader.columns
    for (let row = 0; row < rows; row++) {
      const reason = status[row]!
      if (reason === FrameStatus.counted) continue
      this.#rejected[reason]!++
      this.#output.rejected?.(rejectionReasons[reason]!, this.#line(source, row))
    }
  }

  #settleRuns(source: string): void {
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
      if (ofBatch) this.#settleBatchRun(run, outcome, from, to, source)
      else this.#settleReleasedRun(outcome, from, to)
    }
  }

  #settleBatchRun(run: number, outcome: number, from: number, to: number, source: string): void {
    if (outcome === Outcome.counted || outcome === Outcome.skipped) return
    const { held } = this.#output
    const ticket = this.#engine.runs.ticket[run]!
    for (let row = from; row < to; row++) {
      if (outcome !== Outcome.held) this.#refuse(outcome, () => this.#line(source, row))
      else held?.keep(ticket + row - from, this.#line(source, row))
    }
  }

  #settleReleasedRun(outcome: number, from: number, to: number): void {
    const { held } = this.#output
    if (held === null) return
    for (let row = from; row < to; row++) {
      const line = held.take(this.#engine.released.ticket[row]!)
      this.#refuse(outcome, () => line)
    }
  }

  /** Hands a line that is not counted to whoever wants it. */
  #refuse(outcome: number, line: () => RefusedLine): void {
    const { late, rejected } = this.#output
    if (outcome === Outcome.late) late?.(this.#lateAction, line())
    else if (outcome === Outcome.ahead) late?.('ahead', line())
    else if (outcome === Outcome.tooManyGroups) rejected?.('too-many-groups', line())
  }

  #publishDue(): void {
    if (this.#engine.panesDue) this.#publish(this.#engine.takePanes())
  }

  /** Panes come ordered by kind, end and size; within these, results are ordered by the group's bytes. */
  #publish(panes: readonly Pane<WindowState>[]): void {
    const { groups } = this.#reader
    let from = 0
    while (from < panes.length) {
      const first = panes[from]!
      let to = from + 1
      while (to < panes.length && sameWindow(panes[to]!, first)) to++
      const neighbours = to - from === 1 ? [first] : panes.slice(from, to)
      if (neighbours.length > 1) neighbours.sort((a, b) => groups.compare(a.group, b.group))
      for (const pane of neighbours) this.#publishPane(pane)
      from = to
    }
  }

  #publishPane({ kind, window, start, end, group, revision, events, state }: Pane<WindowState>): void {
    if (revision === 0) this.#published++
    const sketch =
      this.#sketchPrecision === null || state === null
        ? {}
        : { sketch: Buffer.from(hllImage(state, this.#sketchPrecision)).toString('base64') }
    this.#output.result({
      window,
      start,
      end,
      group: this.#reader.groups.text(group),
      ...figures(state, events),
      events,
      pane: kind,
      revision,
      ...sketch,
    })
  }

  #line(source: string, row: number): RefusedLine {
    const { columns, bytes } = this.#reader
    const start = columns.start[row]!
    return { source, offset: columns.offset[row]!, line: bytes.subarray(start, start + columns.length[row]!) }
  }

  /** Frees groups that no open window uses, whenever the table has doubled since the last time. */
  #sweepGroups(): void {
    const { groups } = this.#reader
    if (groups.size < this.#sweepAt) return
    groups.sweep((id) => id === this.#overflow || this.#engine.isLiveGroup(id))
    this.#sweepAt = Math.max(4096, groups.size * 2)
  }
}

function sameWindow(a: Pane<WindowState>, b: Pane<WindowState>): boolean {
  return a.kind === b.kind && a.end === b.end && a.size === b.size
}

function figures(state: WindowState, events: number) {
  if (state === null) return { count: events, lower: events, upper: events, estimator: 'events' }
  const { lower, upper } = state.bounds(confidence)
  return {
    count: Math.round(state.count()),
    lower: Math.floor(lower),
    upper: Math.ceil(upper),
    estimator: state.estimator,
  }
}
