import type { RollingPanes } from '../rolling/rolling.js'
import type { Held } from '../rolling/rolling-parts.js'
import { lazyOrder } from './lazy-order.js'
import type { Cell, OpenWindow } from './open-window.js'
import type { Pane, PaneKind } from './pane.js'
import { type Pause, paced } from './pauses.js'
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

type Steps<S> = Generator<Pane<S> | Pause, void, undefined>

/**
 * Processing-time flush: what a flush would publish now of the windows that end at or before `until`, while nothing is
 * closed and the watermark stays. Only open and changed cells are visited, one for each pane that is taken, so that
 * the caller may do something else at any pane or pause; what changes meanwhile comes as it is by then, or next time.
 */
export function* announce<S>(
  store: WindowStore<S>,
  until: number,
  reached: WatermarksReached,
  order: GroupOrder | null,
): Steps<S> {
  const { combined, greatest } = reached
  const views = store.views.flat()
  for (const view of views) view.pass(combined)
  const waiting = openWindows(store).filter(({ end }) => end - 1 > combined && end <= until)
  for (const window of waiting) window.pinned = true
  const limits = new Map(views.map((view) => [view, Math.min(until, lastEnd(store, view, greatest))]))
  const byGroup =
    order === null ? null : (a: { group: number }, b: { group: number }) => order(a.group, b.group)
  function* cellsOf(cells: Iterable<Cell<S>>, isDue: (cell: Cell<S>) => boolean, kind: PaneKind): Steps<S> {
    for (const cell of lazyOrder(cells, isDue, byGroup)) {
      if (cell === undefined) yield undefined
      else if (!cell.window.closed && isDue(cell)) {
        const panes: Pane<S>[] = []
        store.publish(cell, kind, reached.combined, panes)
        if (kind === 'final') cell.announced = true
        if (!cell.window.size.hidden) yield* panes
      }
    }
  }
  const changed = new Map<OpenWindow<S>, Cell<S>[]>()
  yield* paced(store.changed, (cell) => {
    if (!isOutdated(cell) || cell.window.end > until) return
    cell.window.pinned = true
    const cells = changed.get(cell.window)
    if (cells === undefined) changed.set(cell.window, [cell])
    else cells.push(cell)
    // Its correction comes out last, but views that come out before it hold it already, as at a flush.
    store.passToViews(cell)
  })
  yield* byEnd(views, waiting, {
    nextEnd: (view, after) => within(view.nextEnd(after), limits.get(view)!),
    ofWindow: (window) => cellsOf(window.cells.values(), isUnpublished, 'final'),
    *ofView(view, end) {
      const seen = new Set<number>()
      const isFirst = (group: number) => seen.size < seen.add(group).size && view.isUnpublished(end, group)
      for (const group of lazyOrder(view.groupsIn(end), isFirst, order)) {
        if (group === undefined) yield undefined
        else if (view.isUnpublished(end, group)) yield view.announce('final', end, group, reached.combined)
      }
    },
  })
  yield* byEnd(views, [...changed.keys()].sort(inOrder), {
    nextEnd: (view, after) => view.nextCorrection(after),
    ofWindow: (window) => cellsOf(changed.get(window)!, isOutdated, 'corrected'),
    *ofView(view, end) {
      const seen = new Set<number>()
      const isFirst = (held: Held<S>) => view.isOutdated(end, held) && seen.size < seen.add(held.group).size
      for (const held of lazyOrder(view.changedSteps, isFirst, byGroup)) {
        if (held === undefined) yield undefined
        else if (view.isOutdated(end, held)) {
          yield view.announce('corrected', end, held.group, reached.combined)
        }
      }
    },
  })
  for (const view of views) yield* view.dropCorrected()
}

/** The least end after `until` of a window or view that `announce` would publish then; Infinity: there is none. */
export function nextAnnouncement<S>(
  store: WindowStore<S>,
  until: number,
  { combined, greatest }: WatermarksReached,
): number {
  let next = always
  for (const { end } of openWindows(store)) if (end > until && end - 1 > combined && end < next) next = end
  for (const view of store.views.flat()) {
    next = Math.min(next, within(view.nextEnd(until), lastEnd(store, view, greatest)))
  }
  return next
}

/** What {@link byEnd} finds at an end. */
interface Walk<S> {
  nextEnd(view: RollingPanes<S>, after: number): number | Generator<Pause, number, undefined>
  ofWindow(window: OpenWindow<S>): Steps<S>
  ofView(view: RollingPanes<S>, end: number): Steps<S>
}

/** Visits windows and rolling views by end; at each end windows by size, then views. */
function* byEnd<S>(
  views: readonly RollingPanes<S>[],
  windows: readonly OpenWindow<S>[],
  walk: Walk<S>,
): Steps<S> {
  let at = 0
  for (let after = never; ; ) {
    let end = windows[at]?.end ?? always
    for (const view of views) end = Math.min(end, yield* foundIn(walk.nextEnd(view, after)))
    if (end === always) return
    for (; windows[at]?.end === end; at++) yield* walk.ofWindow(windows[at]!)
    for (const view of views) {
      if ((yield* foundIn(walk.nextEnd(view, after))) === end) yield* walk.ofView(view, end)
    }
    after = end
  }
}

/** What was found at once, or with pauses. */
function* foundIn(end: number | Generator<Pause, number, undefined>): Generator<Pause, number, undefined> {
  return typeof end === 'number' ? end : yield* end
}

/** Windows whose panes are published, by end, then by size. */
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
