import type { Counting, TimeFigures } from '@card/counting'
import { rejectionReasons } from '@card/frames'
import type { LateAction } from './counting-output.js'
import type { StepWriter } from './step-writer.js'

/** What the figures of a run are taken from. */
export type CountedSums = Pick<Counting, 'sums' | 'openWindows' | 'stateBytes' | 'watermarkOf' | 'timesOf'>

/** What is known of a run at any time: its sums in the words of the summary, and the figures of its metrics. */
export class RunFigures {
  readonly #counting: CountedSums
  readonly #writer: Pick<StepWriter, 'finals'>
  readonly #lateAction: LateAction

  constructor(counting: CountedSums, writer: Pick<StepWriter, 'finals'>, lateAction: LateAction) {
    this.#counting = counting
    this.#writer = writer
    this.#lateAction = lateAction
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
    if (late > 0) actions[this.#lateAction] = late
    if (closed > 0) actions.closed = closed
    if (ahead + held > 0) actions.ahead = ahead + held
    return { counted, rejected, late: actions, windows: published.windows }
  }

  /** Frames that wait in the far-future guard now. */
  get held(): number {
    return this.#counting.sums.held
  }

  /** Results published so far, by pane. */
  get results(): Record<'early' | 'final' | 'corrected', number> {
    const { early, final, corrected } = this.#counting.sums.published
    return { early, final, corrected }
  }

  /** Final results by the name of the window size. */
  get finals(): ReadonlyMap<string, number> {
    return this.#writer.finals
  }

  /** Windows that hold state, by the name of their size. */
  get openWindows(): Record<string, number> {
    return this.#counting.openWindows
  }

  /** Bytes of the states of open windows, by the name of their size; a hidden base size has its own. */
  get stateBytes(): Record<string, number> {
    return this.#counting.stateBytes
  }

  /** The watermark of a partition in ms; -Infinity: none yet, Infinity: after the flush. */
  watermarkOf(partition: string): number {
    return this.#counting.watermarkOf(partition)
  }

  timesOf(partition: string): TimeFigures {
    return this.#counting.timesOf(partition)
  }
}
