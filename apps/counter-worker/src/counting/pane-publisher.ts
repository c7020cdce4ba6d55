import type { GroupTable } from '@card/frames'
import type { Result, ResultName } from '@card/results'
import { type Pane, type PaneKind, totalGroup } from '@card/windowing'
import { hllImage, type WindowState } from './counters.js'
import { orderPanes } from './pane-order.js'
import { windowFigures } from './window-figures.js'

/** Makes results of panes, in the order of the contract, and counts them. */
export class PanePublisher {
  readonly #groups: GroupTable
  readonly #result: (result: Result) => void
  readonly #sketchPrecision: number | null
  /** Distinct (window, start, group) published. */
  windows = 0
  /** Results by pane. */
  readonly results: Record<PaneKind, number> = { early: 0, final: 0, corrected: 0 }
  /** Final results by the name of the window size. */
  readonly finals = new Map<string, number>()

  /**
   * @param groups the names of the groups
   * @param sketchPrecision of the image in each result; null: none
   */
  constructor(groups: GroupTable, result: (result: Result) => void, sketchPrecision: number | null) {
    this.#groups = groups
    this.#result = result
    this.#sketchPrecision = sketchPrecision
  }

  /** Orders group ids by their groups' bytes, a total last. */
  readonly compare = (a: number, b: number): number =>
    Number(a === totalGroup) - Number(b === totalGroup) || this.#groups.compare(a, b)

  /** Publishes panes that are due. */
  publish(panes: Pane<WindowState>[]): void {
    for (const pane of orderPanes(panes, this.#groups)) this.publishOne(pane)
  }

  /** Publishes panes that are due, and comes back after every `size` of them, so that outputs can be written out. */
  *publishInSteps(panes: Pane<WindowState>[], size: number): Generator<void> {
    let published = 0
    for (const pane of orderPanes(panes, this.#groups)) {
      this.publishOne(pane)
      if (++published % size === 0) yield
    }
  }

  /** Publishes a pane whose turn it is. */
  publishOne(pane: Pane<WindowState>): void {
    const result = this.#resultOf(pane)
    const { window, pane: kind, revision } = result
    if (revision === 0) this.windows++
    this.results[kind]++
    if (kind === 'final') this.finals.set(window, (this.finals.get(window) ?? 0) + 1)
    this.#result(result)
  }

  /** One object for each result, in one of few shapes: spreading parts of it took a quarter of a run with many groups. */
  #resultOf({ kind, window, start, end, group, revision, events, state }: Pane<WindowState>): Result {
    const { count, lower, upper, estimator } = windowFigures(state, events)
    const name = group === totalGroup ? null : this.#groups.text(group)
    // biome-ignore format: one line a kind of field
    const result: Result = {
      window, start, end, group: name,
      count, lower, upper, estimator, events,
      pane: kind, revision,
    }
    if (this.#sketchPrecision === null && group !== totalGroup) return result
    return { ...result, ...this.#rest(group, state) }
  }

  /** The fields that few results have. */
  #rest(group: number, state: WindowState): Pick<Result, 'sketch' | 'total'> {
    const total: Pick<ResultName, 'total'> = group === totalGroup ? { total: true } : {}
    if (this.#sketchPrecision === null || state === null) return total
    return { sketch: Buffer.from(hllImage(state, this.#sketchPrecision)).toString('base64'), ...total }
  }
}
