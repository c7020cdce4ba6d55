import type { Pane, PaneKind } from '@card/windowing'
import { totalGroup } from '@card/windowing'
import type { Groups } from './groups.js'
import { hllImage, type WindowState } from './state/window-state.js'

/** The confidence at which `lower` and `upper` are given: the two-sigma bounds. */
const confidence = 0.95

/** What is known of one window and group when it is published. */
export interface WindowResult {
  /** The size or view as it is named. */
  readonly window: string
  /** Position among sizes and views, finer first. */
  readonly size: number
  /** First ms of the window; `end` is the first after it. */
  readonly start: number
  readonly end: number
  readonly group: string | null
  /** It counts all groups of the window together. */
  readonly total: boolean
  readonly pane: PaneKind
  /** Counts up from 0 for one window and group: the highest is the truth. */
  readonly revision: number
  readonly events: number
  readonly count: number
  readonly lower: number
  /** Null: there is no upper bound, since a bitmap is full. */
  readonly upper: number | null
  readonly estimator: string
  /** The canonical HLL_8 image, when asked for. */
  readonly sketch: Uint8Array | null
}

/** Makes results of panes: the states of panes are live, results are values. */
export class ResultMaker {
  /** @param sketchPrecision of the image in each result; null: none */
  constructor(
    private readonly groups: Groups,
    private readonly sketchPrecision: number | null,
  ) {}

  /** Orders group ids by their bytes, null first, the total last. */
  readonly compare = (a: number, b: number): number =>
    Number(a === totalGroup) - Number(b === totalGroup) || this.groups.compare(a, b)

  /** Appends the results of panes that are due, in the order of the contract: by kind, end, size, group. */
  append(panes: readonly Pane<WindowState>[], to: WindowResult[]): void {
    for (let from = 0; from < panes.length; ) {
      const first = panes[from]!
      let after = from + 1
      while (after < panes.length && isSameWindow(panes[after]!, first)) after++
      if (after - from === 1) to.push(this.of(first))
      else {
        const window = panes.slice(from, after).sort((a, b) => this.compare(a.group, b.group))
        for (const pane of window) to.push(this.of(pane))
      }
      from = after
    }
  }

  of(pane: Pane<WindowState>): WindowResult {
    const { window, size, start, end, group, kind, revision, events, state } = pane
    const sketch =
      this.sketchPrecision === null || state === null ? null : hllImage(state, this.sketchPrecision)
    const total = group === totalGroup
    const name = total ? null : this.groups.text(group)
    return {
      window,
      size,
      start,
      end,
      group: name,
      total,
      pane: kind,
      revision,
      ...figures(state, events),
      sketch,
    }
  }
}

function isSameWindow(a: Pane<WindowState>, b: Pane<WindowState>): boolean {
  return a.kind === b.kind && a.end === b.end && a.size === b.size
}

/**
 * The users of a window and their bounds, `1 <= lower <= count <= upper <= events`: an estimate knows nothing of how many
 * frames were added, but at least one user was counted, and no more users than frames.
 */
function figures(state: WindowState, events: number) {
  if (state === null) return { count: events, lower: events, upper: events, estimator: 'events', events }
  const bounds = state.bounds(confidence)
  const count = clamp(Math.round(state.count()), 1, events)
  return {
    count,
    lower: clamp(Math.floor(bounds.lower), 1, count),
    upper: Number.isFinite(bounds.upper) ? clamp(Math.ceil(bounds.upper), count, events) : null,
    estimator: state.estimator as string,
    events,
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(Math.min(value, most), least)
}
