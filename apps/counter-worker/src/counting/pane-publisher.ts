import type { GroupTable } from '@card/frames'
import type { Result, ResultName } from '@card/results'
import { type Pane, type PaneKind, totalGroup } from '@card/windowing'
import { AheadOfWatermark } from './ahead-of-watermark.js'
import { hllImage, type WindowState } from './counters.js'
import { windowFigures } from './window-figures.js'

/** What a result says, beside its name, pane and revision. */
type Content = Pick<Result, 'count' | 'lower' | 'upper' | 'estimator' | 'events' | 'sketch'>

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
  publish(panes: readonly Pane<WindowState>[]): void {
    for (const pane of inOrder(panes, this.#groups)) {
      const content = this.#contentOf(pane)
      const fate = this.isAhead ? this.#ahead.settle(pane, this.#nameOf(pane), JSON.stringify(content)) : pane
      this.#publish(pane, content, fate)
    }
  }

  /**
   * Publishes panes that the watermark has not made due, as far as they ended at or before `until`.
   *
   * @param closed nothing follows of windows that ended at or before it
   * @returns the end of the first window that waits, Infinity: none does
   */
  publishAhead(panes: readonly Pane<WindowState>[], until: number, closed: number): number {
    let next = Number.POSITIVE_INFINITY
    this.#ahead.forget(closed)
    for (const pane of inOrder(panes, this.#groups)) {
      if (pane.end > until) {
        next = Math.min(next, pane.end)
        continue
      }
      const content = this.#contentOf(pane)
      this.#publish(pane, content, this.#ahead.publish(pane, this.#nameOf(pane), JSON.stringify(content)))
    }
    return next
  }

  /** Whether something was published before the watermark made it due. */
  get isAhead(): boolean {
    return this.#ahead.size > 0
  }

  /** How many of these panes are not published with this content. */
  unpublished(panes: readonly Pane<WindowState>[]): number {
    return panes.filter((pane) => !this.#ahead.has(this.#nameOf(pane), JSON.stringify(this.#contentOf(pane))))
      .length
  }

  #nameOf({ window, start, group }: Pane<WindowState>): ResultName {
    if (group === totalGroup) return { window, start, group: null, total: true }
    return { window, start, group: this.#groups.text(group) }
  }

  #contentOf({ events, state }: Pane<WindowState>): Content {
    const sketch =
      this.#sketchPrecision === null || state === null
        ? {}
        : { sketch: Buffer.from(hllImage(state, this.#sketchPrecision)).toString('base64') }
    return { ...windowFigures(state, events), ...sketch }
  }

  #publish(pane: Pane<WindowState>, content: Content, as: { kind: PaneKind; revision: number } | null): void {
    if (as === null) return
    const { kind, revision } = as
    const { window, end } = pane
    if (revision === 0) this.windows++
    this.results[kind]++
    if (kind === 'final') this.finals.set(window, (this.finals.get(window) ?? 0) + 1)
    this.#result({ ...this.#nameOf(pane), end, ...content, pane: kind, revision })
  }
}

/** Panes come ordered by kind, end and size; within these, results are ordered by the group's bytes, a total last. */
function* inOrder(panes: readonly Pane<WindowState>[], groups: GroupTable): Generator<Pane<WindowState>> {
  const compare = (a: number, b: number) =>
    Number(a === totalGroup) - Number(b === totalGroup) || groups.compare(a, b)
  let from = 0
  while (from < panes.length) {
    const first = panes[from]!
    let to = from + 1
    while (to < panes.length && sameWindow(panes[to]!, first)) to++
    const neighbours = to - from === 1 ? [first] : panes.slice(from, to)
    if (neighbours.length > 1) neighbours.sort((a, b) => compare(a.group, b.group))
    yield* neighbours
    from = to
  }
}

function sameWindow(a: Pane<WindowState>, b: Pane<WindowState>): boolean {
  return a.kind === b.kind && a.end === b.end && a.size === b.size
}
