import { RollingPanes } from '../rolling/rolling.js'
import type { RollingView } from '../rolling/rolling-view.js'
import type { PlannedSize } from '../time/plan.js'
import type { Aggregate } from './aggregate.js'
import { ChangeLog } from './change-log.js'
import type { Cell, OpenWindow } from './open-window.js'
import { OpenWindows } from './open-windows.js'
import type { Pane, PaneKind } from './pane.js'
import { Schedule } from './schedule.js'
import { totalGroup } from './total-group.js'

const never = Number.NEGATIVE_INFINITY
const always = Number.POSITIVE_INFINITY

/** Settings of {@link WindowStore}. */
export interface WindowStoreOptions<S> {
  readonly plan: readonly PlannedSize[]
  readonly aggregate: Aggregate<S>
  readonly lateness: number
  /** corrections come out at each event */
  readonly atOnce: boolean
  /** the overflow group; -1: none */
  readonly exemptGroup: number
  /** each window has a cell of `totalGroup` */
  readonly totals: boolean
  readonly rolling: readonly { readonly view: RollingView; readonly step: PlannedSize }[]
  readonly trackChanges: boolean
}

/** The open windows of all sizes, and the order in which they fire, are corrected and drop their state. */
export class WindowStore<S> {
  readonly log: ChangeLog<S>
  readonly open: OpenWindows<S>
  readonly schedule: Schedule<S>
  /** rolling views over each size */
  readonly views: readonly RollingPanes<S>[][]
  /** cells that changed after they came out as final */
  changed: Cell<S>[] = []

  /** windows past their lateness whose correction is not published yet */
  private deferred: OpenWindow<S>[] = []
  /** whether a size has panes, if only for rolling views */
  private readonly hasPanes: readonly boolean[]
  private readonly plan: readonly PlannedSize[]
  private readonly lateness: number
  private readonly totals: boolean

  constructor({
    plan,
    aggregate,
    lateness,
    atOnce,
    exemptGroup,
    totals,
    rolling,
    trackChanges,
  }: WindowStoreOptions<S>) {
    this.plan = plan
    this.totals = totals
    this.lateness = lateness
    this.log = new ChangeLog(trackChanges)
    this.open = new OpenWindows(plan, aggregate, exemptGroup, this.log, (cell) => this.onDirty(cell))
    this.schedule = new Schedule(this.open, plan[0]!.assigner, lateness, atOnce)
    const views = rolling.map(({ view, step }, i) => {
      const panes = new RollingPanes(view, {
        index: plan.length + i,
        step: step.assigner,
        aggregate,
        lateness,
        live: this.open.groups,
        log: this.log,
      })
      return { step, panes }
    })
    this.views = plan.map((size) => views.filter(({ step }) => step === size).map(({ panes }) => panes))
    this.hasPanes = plan.map((size, i) => !size.hidden || this.views[i]!.length > 0)
  }

  /** The end of the window that fires next; -Infinity if there is none. */
  get oldest(): number {
    return this.open.waiting.top?.end ?? never
  }

  /** The end of the newest base window; -Infinity when none is open. */
  get newestBaseEnd(): number {
    let newest = never
    for (const { end } of this.open.bySize[0]!.values()) if (end > newest) newest = end
    return newest
  }

  /** The base cell of the window at `start` for a group; opens it, and everything coarser, if there is none. */
  cell(start: number, group: number, watermark: number, state?: S): Cell<S> {
    if (this.totals) this.open.begin(this.plan[0]!, start, totalGroup, watermark)
    return this.open.begin(this.plan[0]!, start, group, watermark, state)
  }

  /** Notes that events are about to be added to a base cell, and to the total of its window. */
  add(cell: Cell<S>, events: number): void {
    this.grow(cell, events)
    const { total } = cell.window
    if (total !== undefined) this.grow(total, events)
  }

  /** Notes that events are about to be added to a base cell alone. */
  grow(cell: Cell<S>, events: number): void {
    cell.events += events
    this.log.version++
    if (!cell.listed) this.log.cells.note(cell)
    if (!cell.marked) this.open.rollUp.mark(cell)
  }

  /** Whether panes of a window are made, if only for rolling views. */
  isPublished({ size }: OpenWindow<S>): boolean {
    return this.hasPanes[size.index]!
  }

  /** The end of input comes next: rolling views come out up to a watermark, where they hold anything. */
  reach(watermark: number): void {
    for (const view of this.views.flat()) view.reach(watermark)
  }

  /** The panes that are due at a watermark, finals first; then windows past their lateness drop their state. */
  fire(watermark: number): Pane<S>[] {
    const panes: Pane<S>[] = []
    const { schedule } = this
    const { waiting, retiring } = this.open
    for (let top = waiting.top; top !== undefined && top.end - 1 <= watermark; top = waiting.top) {
      waiting.pop()
      retiring.push(top)
      for (const cell of top.cells.values()) {
        if (cell.fired) continue
        if (!cell.announced) this.publish(cell, 'final', watermark, panes)
        cell.fired = true
      }
    }
    const correcting = schedule.crossed || schedule.atOnce
    if (correcting) {
      const changed = this.changed.sort(inOrder)
      // What came out ahead of the watermark is corrected when its window fires.
      this.changed = changed.filter(({ fired, dirty }) => !fired && dirty)
      for (const cell of changed)
        if (cell.fired && cell.dirty) this.publish(cell, 'corrected', watermark, panes)
      schedule.correcting = this.changed.length > 0
      for (const window of this.deferred) retiring.push(window)
      this.deferred = []
    }
    schedule.crossed = false
    this.retire(watermark)
    // Without passing an end there are no panes, only state to drop; views keep theirs for later corrections.
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
    for (const cell of cells.sort(inOrder)) {
      this.publish(cell, cell.announced ? 'corrected' : 'early', watermark, panes)
    }
    return panes
  }

  /** Makes the pane of a cell, brings it up to date, and passes it on to rolling views. */
  publish(cell: Cell<S>, kind: PaneKind, watermark: number, panes: Pane<S>[]): void {
    this.log.version++
    this.log.cells.note(cell)
    const { window, group } = cell
    if (!this.isPublished(window)) return
    this.open.rollUp.update(cell)
    cell.dirty = false
    cell.marked = false
    const added = cell.events - cell.shown
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
      added,
      state: cell.state as S,
      last: window.end - 1 + this.lateness <= watermark,
      watermark,
    }
    panes.push(pane)
    if (kind !== 'early') for (const view of this.views[pane.size]!) view.take(pane)
  }

  /** Rolling views hold what a cell holds, though its own pane is not published yet. */
  passToViews(cell: Cell<S>): void {
    const { window, group } = cell
    const views = this.views[window.size.index]!
    if (views.length === 0 || !this.isPublished(window)) return
    this.log.version++
    this.open.rollUp.update(cell)
    const { start, end } = window
    const { state, events } = cell
    for (const view of views) view.take({ start, end, group, state: state as S, events })
  }

  /** After a restore: what changed after it was published waits again, and windows past their lateness drop their state. */
  settle(watermark: number): void {
    for (const size of this.plan) for (const cell of this.open.cells(size)) if (cell.dirty) this.onDirty(cell)
    this.schedule.beginAt(watermark)
    this.lookAhead()
    this.retire(watermark)
  }

  /** Finds when views are due next. */
  lookAhead(): void {
    const { schedule } = this
    schedule.nextView = always
    schedule.nextExpiry = always
    for (const view of this.views.flat()) {
      schedule.nextView = Math.min(schedule.nextView, view.attention)
      schedule.nextExpiry = Math.min(schedule.nextExpiry, view.expiry)
    }
  }

  /** Adds the panes of rolling views, in order, and drops those of sizes that only views use. */
  private roll(panes: Pane<S>[], watermark: number): Pane<S>[] {
    const all = panes.filter((pane) => !this.plan[pane.size]!.hidden)
    for (const view of this.views.flat()) {
      for (const pane of view.fire(watermark, this.schedule.idleAt)) all.push(pane)
    }
    this.lookAhead()
    return all.sort(
      (a, b) => Number(a.kind !== 'final') - Number(b.kind !== 'final') || a.end - b.end || a.size - b.size,
    )
  }

  private retire(watermark: number): void {
    const { retiring } = this.open
    for (;;) {
      const window = retiring.top
      if (window === undefined || window.end - 1 + this.lateness > watermark) return
      retiring.pop()
      if (this.isPublished(window) && hasCorrection(window)) this.deferred.push(window)
      else this.open.forget(window)
    }
  }

  private onDirty(cell: Cell<S>): void {
    if (!(cell.fired || cell.announced) || !this.isPublished(cell.window)) return
    this.changed.push(cell)
    this.schedule.correcting = true
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
