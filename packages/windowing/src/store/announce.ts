import type { RollingPanes } from '../rolling/rolling.js'
import { lazyOrder } from './lazy-order.js'
import type { Cell, OpenWindow } from './open-window.js'
import type { Pane } from './pane.js'
import type { WindowStore } from './window-store.js'

const never = Number.NEGATIVE_INFINITY
const always = Number.POSITIVE_INFINITY

/** How far event time has come. */
export interface WatermarksReached {
  /** ms; of the combined watermark */
  readonly combined: number
  /** ms; of any partition */
  readonly greatest: number
}

/** How group ids are ordered: negative, zero or positive, as for `sort`. */
export type GroupOrder = (a: number, b: number) => number

/**
 * Processing-time flush: what a flush would publish now of the windows that end at or before `until`, while nothing is
 * closed and the watermark stays. Only open and changed cells are visited, one for each pane that is taken, so that
 * the caller may pause anywhere; what changes meanwhile comes as it is by then, or next time.
 */
export function* announce<S>(
  store: WindowStore<S>,
  until: number,
  { combined: watermark, greatest }: WatermarksReached,
  order: GroupOrder,
): Generator<Pane<S>, void, undefined> {
  for (const view of views(store)) view.pass(watermark)
  const waiting = openWindows(store).filter(({ end }) => end - 1 > watermark && end <= until)
  const limits = new Map(views(store).map((view) => [view, Math.min(until, lastEnd(store, view, greatest))]))
  yield* byEnd(
    store,
    waiting,
    (view, after) => within(view.nextEnd(after), limits.get(view)!),
    function* (window) {
      const cells = [...window.cells.values()].filter(isUnpublished)
      for (const cell of lazyOrder(cells, (a, b) => order(a.group, b.group))) {
        if (window.closed || !isUnpublished(cell)) continue
        const panes: Pane<S>[] = []
        store.publish(cell, 'final', watermark, panes)
        cell.announced = true
        if (!window.size.hidden) yield* panes
      }
    },
    function* (view, end) {
      for (const group of lazyOrder(view.groupsToAnnounce(end), order)) {
        yield view.announce('final', end, group, watermark)
      }
    },
  )
  const changed = new Map<OpenWindow<S>, Cell<S>[]>()
  for (const cell of store.changed) {
    if (!isOutdated(cell) || cell.window.end > until) continue
    const cells = changed.get(cell.window)
    if (cells === undefined) changed.set(cell.window, [cell])
    else cells.push(cell)
  }
  yield* byEnd(
    store,
    [...changed.keys()].sort(inOrder),
    (view, after) => view.nextCorrection(after),
    function* (window) {
      for (const cell of lazyOrder(changed.get(window)!, (a, b) => order(a.group, b.group))) {
        if (window.closed || !isOutdated(cell)) continue
        const panes: Pane<S>[] = []
        store.publish(cell, 'corrected', watermark, panes)
        if (!window.size.hidden) yield* panes
      }
    },
    function* (view, end) {
      for (const group of lazyOrder(view.groupsToCorrect(end), order)) {
        yield view.announce('corrected', end, group, watermark)
      }
    },
  )
  for (const view of views(store)) view.dropCorrected()
}

/** The least end after `until` of a window or view that `announce` would publish then; Infinity: there is none. */
export function nextAnnouncement<S>(
  store: WindowStore<S>,
  until: number,
  { combined: watermark, greatest }: WatermarksReached,
): number {
  let next = always
  for (const { end } of openWindows(store)) if (end > until && end - 1 > watermark && end < next) next = end
  for (const view of views(store))
    next = Math.min(next, within(view.nextEnd(until), lastEnd(store, view, greatest)))
  return next
}

/** Walks windows and rolling views by end, at each end windows by size, then views. */
function* byEnd<S>(
  store: WindowStore<S>,
  windows: readonly OpenWindow<S>[],
  nextEnd: (view: RollingPanes<S>, after: number) => number,
  ofWindow: (window: OpenWindow<S>) => Iterable<Pane<S>>,
  ofView: (view: RollingPanes<S>, end: number) => Iterable<Pane<S>>,
): Generator<Pane<S>, void, undefined> {
  let at = 0
  for (let after = never; ; ) {
    const end = Math.min(windows[at]?.end ?? always, ...views(store).map((view) => nextEnd(view, after)))
    if (end === always) return
    for (; windows[at]?.end === end; at++) yield* ofWindow(windows[at]!)
    for (const view of views(store)) if (nextEnd(view, after) === end) yield* ofView(view, end)
    after = end
  }
}

/** Windows whose panes come out, by end, then by size. */
function openWindows<S>(store: WindowStore<S>): OpenWindow<S>[] {
  return store.open.bySize
    .flatMap((windows) => [...windows.values()])
    .filter((window) => store.isPublished(window))
    .sort(inOrder)
}

/** The end of the last view that a flush would give: of the newest step that holds events, or that a partition has passed. */
function lastEnd<S>(store: WindowStore<S>, view: RollingPanes<S>, greatest: number): number {
  let newest = Math.max(view.newestEnd, greatest + 1)
  store.views.forEach((of, size) => {
    if (!of.includes(view)) return
    for (const { end } of store.open.bySize[size]!.values()) if (end > newest) newest = end
  })
  return newest
}

function views<S>(store: WindowStore<S>): RollingPanes<S>[] {
  return store.views.flat()
}

function within(end: number, limit: number): number {
  return end <= limit ? end : always
}

function isUnpublished({ fired, announced }: Cell<unknown>): boolean {
  return !fired && !announced
}

function isOutdated({ fired, announced, dirty }: Cell<unknown>): boolean {
  return (fired || announced) && dirty
}

function inOrder(a: OpenWindow<unknown>, b: OpenWindow<unknown>): number {
  return a.end - b.end || a.size.index - b.size.index
}
