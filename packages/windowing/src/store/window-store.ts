import { RollingPanes, type RollingView } from '../rolling/rolling.js'
import { loadWindows } from '../snapshot/load-windows.js'
import type { GroupNames, RollingRecord, WindowingSnapshot } from '../snapshot/snapshot.js'
import type { PlannedSize } from '../time/plan.js'
import type { Aggregate } from './aggregate.js'
import type { Cell, OpenWindow } from './open-window.js'
import { OpenWindows } from './open-windows.js'
import type { Pane, PaneKind } from './pane.js'
import { pull, touch } from './roll-up.js'
import { totalGroup } from './total-group.js'

const never = Number.NEGATIVE_INFINITY
const always = Number.POSITIVE_INFINITY

/** The open windows of all sizes, and the order in which they fire, are corrected and give up their state. */
export class WindowStore<S> {
  readonly open: OpenWindows<S>
  /** windows past their time whose correction has yet to come out */
  private deferred: OpenWindow<S>[] = []
  /** names in the last snapshot of what belonged to rolling views that are no more */
  private goneViews: string[] = []
  /** cells that changed after they fired */
  private changed: Cell<S>[] = []
  /** the least end - 1 of a base window above the watermark */
  private nextGrid = never
  /** the watermark has passed the end of a base window since panes were taken */
  private crossed = false
  /** the last watermark at which nothing was due */
  private quiet = never
  /** the least watermark at which a rolling view is due */
  private nextView = always
  /** the least watermark at which a rolling view can forget a step, which it does where base windows end */
  private nextExpiry = always

  /** whether a size has panes, be it only for rolling views */
  private readonly hasPanes: boolean[]
  /** rolling views over each size */
  private readonly views: RollingPanes<S>[][]

  private readonly onDirty = (cell: Cell<S>): void => {
    if (cell.fired && this.hasPanes[cell.window.size.index]) this.changed.push(cell)
  }

  constructor(
    private readonly plan: readonly PlannedSize[],
    private readonly aggregate: Aggregate<S>,
    private readonly lateness: number,
    /** corrections come out at each event */
    private readonly atOnce: boolean,
    exemptGroup: number,
    /** each window has a cell of `totalGroup` */
    private readonly totals: boolean,
    rolling: readonly { view: RollingView; step: PlannedSize }[] = [],
  ) {
    this.open = new OpenWindows(plan, aggregate, exemptGroup)
    const views = rolling.map(({ view, step }, i) => {
      const panes = new RollingPanes(
        view,
        plan.length + i,
        step.assigner,
        aggregate,
        lateness,
        this.open.groups,
      )
      return { step, panes }
    })
    this.views = plan.map((size) => views.filter(({ step }) => step === size).map(({ panes }) => panes))
    this.hasPanes = plan.map((size, i) => !size.hidden || this.views[i]!.length > 0)
  }

  /** How many windows hold state, hidden ones left out. */
  get openCount(): number {
    return Object.values(this.openBySize()).reduce((sum, count) => sum + count, 0)
  }

  /** Open windows of each size by name, hidden ones left out. */
  openBySize(): Record<string, number> {
    const shown = this.plan.filter((size) => !size.hidden)
    return Object.fromEntries(shown.map((size) => [size.size.name, this.open.bySize[size.index]!.size]))
  }

  /** Bytes of the states of open windows by size. */
  stateBytes(): Record<string, number> {
    const bytesOf = (size: PlannedSize) => {
      let bytes = 0
      for (const { state } of this.open.cells(size)) {
        if (state !== undefined) bytes += this.aggregate.measure(state)
      }
      return bytes
    }
    return Object.fromEntries(this.plan.map((size) => [size.size.name, bytesOf(size)]))
  }

  /** How many results a flush would give: windows and groups that have not fired, or changed since. */
  get unfinished(): number {
    let count = 0
    for (const size of this.plan) {
      if (size.hidden) continue
      for (const cell of this.open.cells(size)) if (!cell.fired || cell.dirty) count++
    }
    return count
  }

  /** The end of the window that fires next; -Infinity when none waits. */
  get oldest(): number {
    return this.open.waiting.top?.end ?? never
  }

  /** The end of the newest base window; -Infinity when none is open. */
  get newestBaseEnd(): number {
    let newest = never
    for (const { end } of this.open.bySize[0]!.values()) if (end > newest) newest = end
    return newest
  }

  /** The base cell of the window at `start` for a group; begins it, and everything coarser, where there is none. */
  cell(start: number, group: number, watermark: number): Cell<S> {
    if (this.totals) this.open.begin(this.plan[0]!, start, totalGroup, watermark)
    return this.open.begin(this.plan[0]!, start, group, watermark)
  }

  /** Notes that events are about to be added to a base cell, and to the total of its window. */
  add(cell: Cell<S>, events: number): void {
    this.grow(cell, events)
    const { total } = cell.window
    if (total !== undefined) this.grow(total, events)
  }

  private grow(cell: Cell<S>, events: number): void {
    cell.events += events
    cell.saved = false
    if (!cell.marked) touch(cell, this.onDirty)
  }

  /** The least watermark at which there is something to do. */
  get attention(): number {
    const firing = this.open.waiting.top
    const retiring = this.open.retiring.top
    return Math.min(
      this.nextView,
      Math.max(this.nextExpiry, this.nextGrid),
      firing === undefined ? always : firing.end - 1,
      retiring === undefined ? always : retiring.end - 1 + this.lateness,
      this.changed.length === 0 ? always : this.atOnce ? never : this.nextGrid,
    )
  }

  /** Follows the watermark; true when panes are due or state is to be given up. */
  follow(watermark: number): boolean {
    const due = watermark >= this.attention
    if (!due) this.quiet = watermark
    if (watermark >= this.nextGrid && watermark !== never) {
      this.crossed = due
      this.nextGrid = this.gridAfter(watermark)
    }
    return due
  }

  /** The least end - 1 of a base window above a watermark. */
  private gridAfter(watermark: number): number {
    if (watermark === always) return always
    const { assigner } = this.plan[0]!
    assigner.locate(watermark + 1)
    return assigner.end - 1
  }

  /** The panes that are due at a watermark, finals first; then windows past their time give up their state. */
  fire(watermark: number): Pane<S>[] {
    const panes: Pane<S>[] = []
    for (
      let top = this.open.waiting.top;
      top !== undefined && top.end - 1 <= watermark;
      top = this.open.waiting.top
    ) {
      this.open.waiting.pop()
      this.open.retiring.push(top)
      for (const cell of top.cells.values()) if (!cell.fired) this.publish(cell, 'final', watermark, panes)
    }
    const correcting = this.crossed || this.atOnce
    if (correcting) {
      const changed = this.changed.sort(inOrder)
      this.changed = []
      for (const cell of changed) this.publish(cell, 'corrected', watermark, panes)
      for (const window of this.deferred) this.open.retiring.push(window)
      this.deferred = []
    }
    this.crossed = false
    this.retire(watermark)
    // Without a crossing there are no panes, only state to give up, and views keep theirs for corrections to come.
    return correcting && this.views.some((views) => views.length > 0) ? this.roll(panes, watermark) : panes
  }

  /** Provisional panes of the windows that have not fired and changed since their last pane. */
  early(watermark: number): Pane<S>[] {
    const cells: Cell<S>[] = []
    for (const size of this.plan) {
      if (size.hidden) continue
      for (const cell of this.open.cells(size)) if (!cell.fired && cell.dirty) cells.push(cell)
    }
    const panes: Pane<S>[] = []
    for (const cell of cells.sort(inOrder)) this.publish(cell, 'early', watermark, panes)
    return panes
  }

  /** Rolling steps and revisions by name, or what changed of them since the last save. */
  saveViews(names: GroupNames | undefined, changesOnly: boolean): Record<string, RollingRecord | null> {
    const gone = changesOnly ? this.goneViews.map((key) => [key, null]) : []
    this.goneViews = []
    return Object.assign(
      Object.fromEntries(gone),
      ...this.views.flat().map((view) => view.save(names, changesOnly)),
    )
  }

  /** Fills a new store from a snapshot, at the watermark of then. */
  load(snapshot: WindowingSnapshot, names: GroupNames | undefined, watermark: number): void {
    loadWindows(this.open, snapshot, names, watermark)
    for (const size of this.plan) for (const cell of this.open.cells(size)) if (cell.dirty) this.onDirty(cell)
    this.quiet = watermark
    this.nextGrid = watermark === never ? never : this.gridAfter(watermark)
    const views = this.views.flat()
    for (const view of views) view.load(snapshot.rolling, names, watermark)
    const known = new Set(views.map(({ id }) => id))
    this.goneViews = Object.keys(snapshot.rolling).filter((key) => !known.has(JSON.parse(key)[0]))
    this.lookAhead()
    this.retire(watermark)
  }

  /** Adds the panes of rolling views, in order, and drops those of sizes that only views use. */
  private roll(panes: Pane<S>[], watermark: number): Pane<S>[] {
    const all = panes.filter((pane) => !this.plan[pane.size]!.hidden)
    for (const view of this.views.flat()) {
      for (const pane of view.fire(watermark, this.quiet)) all.push(pane)
    }
    this.lookAhead()
    return all.sort(
      (a, b) => Number(a.kind !== 'final') - Number(b.kind !== 'final') || a.end - b.end || a.size - b.size,
    )
  }

  private lookAhead(): void {
    this.nextView = always
    this.nextExpiry = always
    for (const view of this.views.flat()) {
      this.nextView = Math.min(this.nextView, view.attention)
      this.nextExpiry = Math.min(this.nextExpiry, view.expiry)
    }
  }

  private publish(cell: Cell<S>, kind: PaneKind, watermark: number, panes: Pane<S>[]): void {
    const { window, group } = cell
    if (kind === 'final') cell.fired = true
    cell.saved = false
    if (!this.hasPanes[window.size.index]) return
    pull(cell, this.aggregate)
    cell.dirty = false
    cell.marked = false
    cell.shown = cell.events
    const pane: Pane<S> = {
      kind,
      window: window.size.size.name,
      size: window.size.index,
      start: window.start,
      end: window.end,
      group,
      revision: cell.revision++,
      events: cell.events,
      state: cell.state as S,
      last: window.end - 1 + this.lateness <= watermark,
      watermark,
    }
    panes.push(pane)
    if (kind !== 'early') for (const view of this.views[pane.size]!) view.take(pane)
  }

  private retire(watermark: number): void {
    for (;;) {
      const window = this.open.retiring.top
      if (window === undefined || window.end - 1 + this.lateness > watermark) return
      this.open.retiring.pop()
      if (this.hasPanes[window.size.index] && hasCorrection(window)) this.deferred.push(window)
      else this.open.forget(window)
    }
  }
}

function hasCorrection(window: OpenWindow<unknown>): boolean {
  for (const cell of window.cells.values()) if (cell.fired && cell.dirty) return true
  return false
}

/** By end, then size, then arrival of the group in the window. */
function inOrder(a: Cell<unknown>, b: Cell<unknown>): number {
  return a.window.end - b.window.end || a.window.size.index - b.window.size.index || a.order - b.order
}
