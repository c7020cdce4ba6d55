import {
  type Announced,
  type Counting,
  type CountingOptions,
  createCounting,
  type Refusal,
  type RefusedRow,
  type TimeFigures,
  type WantedLines,
} from '@card/counting'
import { rejectionReasons } from '@card/frames'
import type { CountingOutput } from './counting-output.js'
import type { FrameBatches } from './frame-batches.js'
import { resultOf } from './result-of.js'

/** Which input partitions there are. */
export interface InputPartitions {
  readonly names: readonly string[]
  /** There will be no others. */
  readonly fixed: boolean
}

/** The one partition of files and stdin, which are read in order. */
export const filesPartition = '-'

/** Results made at once: so few that they die young. */
const resultsAtOnce = 256
/** Results written between two looks at the outputs: their text need not be in memory all at once. */
const resultsBetween = 4096
/** Groups below which none are freed. */
const fewGroups = 65_536

/** Counts the batches of a reader and hands every step to an output, with the sums in the words of the summary. */
export class CountingRun {
  readonly #reader: FrameBatches
  readonly #output: CountingOutput
  readonly #counting: Counting
  #sweepAt = fewGroups
  /** Final results by the name of the window size. */
  readonly finals = new Map<string, number>()

  /** @param reader whose columns each `consume` takes, and whose ids name the groups */
  constructor(
    options: CountingOptions,
    partitions: InputPartitions,
    reader: FrameBatches,
    output: CountingOutput,
  ) {
    this.#reader = reader
    this.#output = output
    this.#counting = createCounting(options, reader.groups, wantedLines(output), partitions)
  }

  /**
   * Takes the rows that the reader's columns hold now.
   *
   * @param source what refused lines name as theirs
   */
  consume(source: string, partition = filesPartition): void {
    const { columns, bytes } = this.#reader
    const batch = { columns, bytes, source }
    for (let row = 0; row < columns.rows; ) {
      row = this.#counting.consume(partition, batch, row)
      this.#write()
    }
    this.#sweepGroups()
  }

  /** Adds a partition, which holds every window until its first frame, or until it is idle. No effect when it is known. */
  addPartition(partition: string): void {
    this.#counting.addPartition(partition)
  }

  /** A partition is quiet, or is read elsewhere: it no longer holds windows back until its next frame, or `active`. */
  idle(partition: string): void {
    this.#counting.idle(partition)
    this.#write()
  }

  /** A partition has been quiet for so long that its held frames wait for no others: they count, or leave as `ahead`. */
  flushHeld(partition: string): void {
    this.#counting.flushHeld(partition)
    this.#write()
  }

  /** A partition is read again. */
  active(partition: string): void {
    this.#counting.active(partition)
    this.#write()
  }

  /** Nothing more comes from a partition: its held frames are judged. */
  endPartition(partition: string): void {
    this.#counting.endPartition(partition)
    this.#write()
  }

  /** Publishes what changed and has not ended yet. */
  early(): void {
    this.#counting.early()
    this.#write()
  }

  /**
   * The stream is silent: what open windows hold is published, as far as they ended at or before `until`. Nothing is
   * closed by it: when frames come after all, they count, and correct what was published.
   *
   * @param until ms
   * @param limit results of one call, so that it does not take long; call again while there is more
   */
  announce(until: number, limit?: number): Announced {
    const announced = this.#counting.announce(until, limit)
    this.#write()
    return announced
  }

  /** The end of the stream: every open window is published. */
  flush(): void {
    for (const _ of this.flushInSteps());
  }

  /** Flushes, and comes back after some thousands of results, so that outputs can be written out. */
  *flushInSteps(): Generator<void> {
    this.#counting.flush()
    for (let written = resultsAtOnce; this.#writeSome(); written += resultsAtOnce) {
      if (written % resultsBetween === 0) yield
    }
  }

  /** The input is left before its end: held frames are judged as by a flush, but nothing is published. */
  judgeHeld(): void {
    this.#counting.judgeHeld()
    this.#write()
  }

  /** The partitions that are ahead of the combined watermark by more than so many base windows, which they keep open. */
  tooFarAhead(windows: number): string[] {
    return this.#counting.tooFarAhead(windows)
  }

  /** Windows, counted for each group, whose latest content is not published. */
  get unfinished(): number {
    return this.#counting.unfinished()
  }

  /** Frames that wait in the far-future guard now. */
  get held(): number {
    return this.#counting.sums.held
  }

  /** The watermark of a partition in ms; -Infinity: none yet, Infinity: after the flush. */
  watermarkOf(partition: string): number {
    return this.#counting.watermarkOf(partition)
  }

  timesOf(partition: string): TimeFigures {
    return this.#counting.timesOf(partition)
  }

  /** Whether groups are to be freed as soon as no batch to come has ids. */
  get isSweepDue(): boolean {
    return this.#reader.groups.size >= this.#sweepAt
  }

  /** Windows that hold state, by the name of their size. */
  get openWindows(): Record<string, number> {
    return this.#counting.openWindows
  }

  /** Bytes of the states of open windows, by the name of their size; a hidden base size has its own. */
  get estimatorBytes(): Record<string, number> {
    return this.#counting.stateBytes
  }

  /** Results published so far, by pane. */
  get results(): Record<'early' | 'final' | 'corrected', number> {
    const { early, final, corrected } = this.#counting.sums.published
    return { early, final, corrected }
  }

  /** What became of the frames so far. Frames that still wait in the guard count as late, action `ahead`. */
  get sums() {
    const { counted, late, closed, ahead, held, tooManyGroups, published, ...sums } = this.#counting.sums
    const rejected: Record<string, number> = {}
    sums.rejected.forEach((count, status) => {
      if (count > 0) rejected[rejectionReasons[status]!] = count
    })
    if (tooManyGroups > 0) rejected['too-many-groups'] = tooManyGroups
    const actions: Record<string, number> = {}
    if (late > 0) actions[this.#output.lateAction] = late
    if (closed > 0) actions.closed = closed
    if (ahead + held > 0) actions.ahead = ahead + held
    return { counted, rejected, late: actions, windows: published.windows }
  }

  #write(): void {
    while (this.#writeSome());
  }

  /** Hands on what there is, of results some hundreds; returns whether there are more. */
  #writeSome(): boolean {
    const output = this.#output
    const { results, refused, warnings, more } = this.#counting.takeStep(resultsAtOnce)
    for (const row of refused) this.#refuse(row)
    if (output.warn !== undefined) for (const warning of warnings) output.warn(warning)
    for (const result of results) {
      const { pane, window } = result
      if (pane === 'final') this.finals.set(window, (this.finals.get(window) ?? 0) + 1)
      output.result(resultOf(result))
    }
    return more
  }

  #refuse({ refusal, line: { source, offset, line } }: RefusedRow): void {
    const lateAction = this.#lateAction(refusal)
    if (lateAction !== null) this.#output.late?.(lateAction, { source, offset, line })
    else this.#output.rejected?.(reasonOf(refusal), { source, offset, line })
  }

  /** What is done with a late line; null: it was rejected. */
  #lateAction(refusal: Refusal): string | null {
    if (refusal === 'late') return this.#output.lateAction
    return refusal === 'ahead' || refusal === 'closed' ? refusal : null
  }

  /** Frees groups that no open window uses, whenever the table has doubled since the last time. */
  #sweepGroups(): void {
    const { groups, areIdsInUse } = this.#reader
    if (areIdsInUse === true || !this.isSweepDue) return
    groups.sweep((id) => this.#counting.isLiveGroup(id))
    this.#sweepAt = Math.max(fewGroups, groups.size * 2)
  }
}

/** What an output takes may change as it goes. */
function wantedLines(output: CountingOutput): WantedLines {
  return {
    get rejected() {
      return output.rejected !== null
    },
    get late() {
      return output.late !== null
    },
    held: output.held,
  }
}

function reasonOf(refusal: Refusal): string {
  return typeof refusal === 'number' ? rejectionReasons[refusal]! : refusal
}
