import type { GroupTable } from '@card/frames'
import type { Result, ResultName } from '@card/results'
import { type Pane, type PaneKind, totalGroup } from '@card/windowing'
import { AheadOfWatermark, type Fate } from './ahead-of-watermark.js'
import { hllImage, type WindowState } from './counters.js'
import { orderPanes } from './pane-order.js'
import { windowFigures } from './window-figures.js'

/** Makes results of panes, in the order of the contract, and counts them. */
export class PanePublisher {
  readonly #groups: GroupTable
  readonly #result: (result: Result) => void
  readonly #sketchPrecision: number | null
  readonly #ahead = new AheadOfWatermark()
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

  /** Publishes panes that are due. */
  publish(panes: Pane<WindowState>[]): void {
    for (const pane of orderPanes(panes, this.#groups)) this.#publishDue(pane)
  }

  /** Publishes panes that are due, and comes back after every `size` of them, so that outputs can be written out. */
  *publishInSteps(panes: Pane<WindowState>[], size: number): Generator<void> {
    let published = 0
    for (const pane of orderPanes(panes, this.#groups)) {
      this.#publishDue(pane)
      if (++published % size === 0) yield
    }
  }

  /**
   * Publishes panes that the watermark has not made due, as far as they ended at or before `until`.
   *
   * @param closed nothing follows of windows that ended at or before it
   * @returns the end of the first window that waits, Infinity: none does
   */
  publishAhead(panes: Pane<WindowState>[], until: number, closed: number): number {
    let next = Number.POSITIVE_INFINITY
    this.#ahead.forget(closed)
    for (const pane of orderPanes(panes, this.#groups)) {
      if (pane.end > until) {
        next = Math.min(next, pane.end)
        continue
      }
      const result = this.#resultOf(pane)
      this.#publishAs(result, this.#ahead.publish(pane, result, contentOf(result)))
    }
    return next
  }

  /** Whether something was published before the watermark made it due. */
  get isAhead(): boolean {
    return this.#ahead.size > 0
  }

  /** How many of these panes are not published with this content. */
  unpublished(panes: readonly Pane<WindowState>[]): number {
    return panes.filter((pane) => {
      const result = this.#resultOf(pane)
      return !this.#ahead.has(result, contentOf(result))
    }).length
  }

  #publishDue(pane: Pane<WindowState>): void {
    const result = this.#resultOf(pane)
    if (this.isAhead) this.#publishAs(result, this.#ahead.settle(pane, result, contentOf(result)))
    else this.#publish(result)
  }

  #publishAs(result: Result, fate: Fate): void {
    if (fate !== null) this.#publish({ ...result, pane: fate.kind, revision: fate.revision })
  }

  #publish(result: Result): void {
    const { window, pane, revision } = result
    if (revision === 0) this.windows++
    this.results[pane]++
    if (pane === 'final') this.finals.set(window, (this.finals.get(window) ?? 0) + 1)
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

/** What a result says, beside its name, pane and revision. */
function contentOf({ count, lower, upper, estimator, events, sketch }: Result): string {
  return JSON.stringify([count, lower, upper, estimator, events, sketch])
}
