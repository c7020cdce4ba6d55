import type { GroupTable } from '@card/frames'
import type { Result, ResultName } from '@card/results'
import { type Pane, type PaneKind, totalGroup } from '@card/windowing'
import { hllImage, type WindowState } from './counters.js'
import { windowFigures } from './window-figures.js'

/** What a result says, beside its name, pane and revision. */
type Content = Pick<Result, 'count' | 'lower' | 'upper' | 'estimator' | 'events' | 'sketch'>

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
  publish(panes: readonly Pane<WindowState>[]): void {
    for (const pane of inOrder(panes, this.compare)) this.publishOne(pane)
  }

  /** Publishes a pane whose turn it is. */
  publishOne(pane: Pane<WindowState>): void {
    const { window, end, kind, revision } = pane
    if (revision === 0) this.windows++
    this.results[kind]++
    if (kind === 'final') this.finals.set(window, (this.finals.get(window) ?? 0) + 1)
    this.#result({ ...this.#nameOf(pane), end, ...this.#contentOf(pane), pane: kind, revision })
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
}

/** Panes come ordered by kind, end and size; within these, results are ordered by the group's bytes, a total last. */
function* inOrder(
  panes: readonly Pane<WindowState>[],
  compare: (a: number, b: number) => number,
): Generator<Pane<WindowState>> {
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
