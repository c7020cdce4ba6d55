import type { Pane, PaneKind } from '@card/windowing'
import { totalGroup } from '@card/windowing'
import type { Groups } from './groups.js'
import { GroupOrder } from './merge/group-order.js'
import { hllImage, type WindowState } from './state/window-state.js'

/** The confidence at which `lower` and `upper` are given: the two-sigma bounds. */
const confidence = 0.95

/** What counted the users of a window; `events` where there is no key. */
type CountedBy = 'exact' | 'linear' | 'hll' | 'ull' | 'events'

/** What is known of one window and group when it is published. */
export interface WindowResult {
  /** The size or view as it is named. */
  readonly window: string
  /** First ms of the window; `end` is the first after it. */
  readonly start: number
  readonly end: number
  readonly group: string | null
  /** Present where all groups of the window are counted together. */
  readonly total?: true
  readonly pane: PaneKind
  /** Counts up from 0 for one window and group: the highest is the truth. */
  readonly revision: number
  readonly events: number
  readonly count: number
  readonly lower: number
  /** Null: there is no upper bound, since a bitmap is full. */
  readonly upper: number | null
  readonly estimator: CountedBy
  /** The canonical HLL_8 image, when asked for. */
  readonly image?: Uint8Array
}

/** Makes results of panes: the states of panes are live, results are values. */
export class ResultMaker {
  readonly order: GroupOrder

  /** @param sketchPrecision of the image in each result; null: none */
  constructor(
    private readonly groups: Groups,
    private readonly sketchPrecision: number | null,
  ) {
    this.order = new GroupOrder(groups)
  }

  /** Panes that are due, put into the order of the contract: by kind, end, size, group; window by window, as they are taken. */
  *inOrder(panes: Pane<WindowState>[]): Generator<Pane<WindowState>, void, undefined> {
    for (let from = 0; from < panes.length; ) {
      const first = panes[from]!
      let after = from + 1
      while (after < panes.length && isSameWindow(panes[after]!, first)) after++
      if (after - from > 1) this.order.sort(panes, from, after)
      for (; from < after; from++) yield panes[from]!
    }
  }

  /** One object for each result, in one of few shapes: spreading parts of it took a quarter of a run with many groups. */
  of({ window, start, end, group, kind, revision, events, state }: Pane<WindowState>): WindowResult {
    const name = group === totalGroup ? null : this.groups.text(group)
    let count = events
    let lower = events
    let upper: number | null = events
    let estimator: CountedBy = 'events'
    if (state !== null) {
      // An estimate does not know how many frames were added: there is at least one user, and no more than there are frames.
      const bounds = state.bounds(confidence)
      count = clamp(Math.round(state.count()), 1, events)
      lower = clamp(Math.floor(bounds.lower), 1, count)
      upper = Number.isFinite(bounds.upper) ? clamp(Math.ceil(bounds.upper), count, events) : null
      estimator = state.estimator as CountedBy
    }
    // biome-ignore format: one line a kind of field
    const result: WindowResult = {
      window, start, end, group: name,
      count, lower, upper, estimator, events,
      pane: kind, revision,
    }
    if (this.sketchPrecision === null && group !== totalGroup) return result
    return { ...result, ...this.rest(group, state) }
  }

  /** The fields that few results have. */
  private rest(group: number, state: WindowState): Pick<WindowResult, 'image' | 'total'> {
    const total: Pick<WindowResult, 'total'> = group === totalGroup ? { total: true } : {}
    if (this.sketchPrecision === null || state === null) return total
    return { image: hllImage(state, this.sketchPrecision), ...total }
  }
}

function isSameWindow(a: Pane<WindowState>, b: Pane<WindowState>): boolean {
  return a.kind === b.kind && a.end === b.end && a.size === b.size
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(Math.min(value, most), least)
}
