import type { Aggregate } from './aggregate.js'
import { LiveGroups } from './groups.js'
import { WindowHeap } from './heap.js'
import type { Cell, Link, OpenWindow } from './open-window.js'
import type { Pane, PaneKind } from './pane.js'
import type { PlannedSize } from './plan.js'
import { hand, pull, touch } from './roll-up.js'
import { RollingPanes, type RollingView } from './rolling.js'

const never = Number.NEGATIVE_INFINITY
const always = Number.POSITIVE_INFINITY

/** The open windows of all sizes, and the order in which they fire, are corrected and give up their state. */
export class WindowStore<S> {
  readonly groups: LiveGroups
  /** base cells by slot */
  readonly slots: (Cell<S> | undefined)[] = []
  private readonly freeSlots: number[] = []
  /** open windows by start, for each size */
  private readonly windows: Map<number, OpenWindow<S>>[]
  /** windows that have not fired */
  private readonly waiting = new WindowHeap<S>()
  /** windows that have */
  private readonly retiring = new WindowHeap<S>()
  /** windows past their time whose correction has yet to come out */
  private deferred: OpenWindow<S>[] = []
  /** cells that changed after they fired */
  private changed: Cell<S>[] = []
  /** the least end - 1 of a base window above the watermark */
  private nextGrid = never
  /** the watermark has passed the end of a base window since panes were taken */
  private crossed = false
  /** the least watermark at which a rolling view is due */
  private nextView = always

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
    rolling: readonly { view: RollingView; step: PlannedSize }[] = [],
  ) {
    this.windows = plan.map(() => new Map())
    this.groups = new LiveGroups(exemptGroup)
    const views = rolling.map(({ view, step }, i) => {
      const panes = new RollingPanes(view, plan.length + i, step.assigner, aggregate, lateness, this.groups)
      return { step, panes }
    })
    this.views = plan.map((size) => views.filter(({ step }) => step === size).map(({ panes }) => panes))
    this.hasPanes = plan.map((size, i) => !size.hidden || this.views[i]!.length > 0)
  }

  /** How many windows hold state, hidden base windows left out. */
  get open(): number {
    return this.plan.reduce((sum, size) => sum + (size.hidden ? 0 : this.windows[size.index]!.size), 0)
  }

  /** The end of the window that fires next; -Infinity when none waits. */
  get oldest(): number {
    return this.waiting.top?.end ?? never
  }

  /** The base cell of a window that holds state for the group, if there is one. */
  find(start: number, group: number): Cell<S> | undefined {
    return this.windows[0]!.get(start)?.cells.get(group)
  }

  /** The base cell of the window at `start` for a group; begins it, and everything coarser, where there is none. */
  cell(start: number, group: number, watermark: number): Cell<S> {
    return this.find(start, group) ?? this.begin(this.plan[0]!, start, group, watermark)
  }

  /** Notes that events are about to be added to a base cell. */
  add(cell: Cell<S>, events: number): void {
    cell.events += events
    if (!cell.marked) touch(cell, this.onDirty)
  }

  /** The least watermark at which there is something to do. */
  get attention(): number {
    const firing = this.waiting.top
    const retiring = this.retiring.top
    return Math.min(
      this.nextView,
      firing === undefined ? always : firing.end - 1,
      retiring === undefined ? always : retiring.end - 1 + this.lateness,
      this.changed.length === 0 ? always : this.atOnce ? never : this.nextGrid,
    )
  }

  /** Follows the watermark; true when panes are due or state is to be given up. */
  follow(watermark: number): boolean {
    const due = watermark >= this.attention
    if (watermark >= this.nextGrid && watermark !== never) {
      this.crossed = due
      if (watermark === always) this.nextGrid = always
      else {
        const { assigner } = this.plan[0]!
        assigner.locate(watermark + 1)
        this.nextGrid = assigner.end - 1
      }
    }
    return due
  }

  /** The panes that are due at a watermark, finals first; then windows past their time give up their state. */
  fire(watermark: number): Pane<S>[] {
    const panes: Pane<S>[] = []
    for (let top = this.waiting.top; top !== undefined && top.end - 1 <= watermark; top = this.waiting.top) {
      this.waiting.pop()
      this.retiring.push(top)
      for (const cell of top.cells.values()) if (!cell.fired) this.publish(cell, 'final', watermark, panes)
    }
    const correcting = this.crossed || this.atOnce
    if (correcting) {
      const changed = this.changed.sort(inOrder)
      this.changed = []
      for (const cell of changed) this.publish(cell, 'corrected', watermark, panes)
      for (const window of this.deferred) this.retiring.push(window)
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
      for (const window of this.windows[size.index]!.values()) {
        for (const cell of window.cells.values()) if (!cell.fired && cell.dirty) cells.push(cell)
      }
    }
    const panes: Pane<S>[] = []
    for (const cell of cells.sort(inOrder)) this.publish(cell, 'early', watermark, panes)
    return panes
  }

  /** How many results a flush would give: windows and groups that have not fired, or changed since. */
  get unfinished(): number {
    let count = 0
    for (const size of this.plan) {
      if (size.hidden) continue
      for (const window of this.windows[size.index]!.values()) {
        for (const cell of window.cells.values()) if (!cell.fired || cell.dirty) count++
      }
    }
    return count
  }

  /** Open windows of each size by name, hidden base windows left out. */
  openBySize(): Record<string, number> {
    const shown = this.plan.filter((size) => !size.hidden)
    return Object.fromEntries(shown.map((size) => [size.size.name, this.windows[size.index]!.size]))
  }

  /** Adds the panes of rolling views, in order, and drops those of sizes that only views use. */
  private roll(panes: Pane<S>[], watermark: number): Pane<S>[] {
    const all = panes.filter((pane) => !this.plan[pane.size]!.hidden)
    this.nextView = always
    for (const views of this.views) {
      for (const view of views) {
        all.push(...view.fire(watermark))
        this.nextView = Math.min(this.nextView, view.attention)
      }
    }
    return all.sort(
      (a, b) => Number(a.kind !== 'final') - Number(b.kind !== 'final') || a.end - b.end || a.size - b.size,
    )
  }

  private publish(cell: Cell<S>, kind: PaneKind, watermark: number, panes: Pane<S>[]): void {
    const { window, group } = cell
    if (kind === 'final') cell.fired = true
    if (!this.hasPanes[window.size.index]) return
    pull(cell, this.aggregate)
    cell.dirty = false
    cell.marked = false
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
      const window = this.retiring.top
      if (window === undefined || window.end - 1 + this.lateness > watermark) return
      this.retiring.pop()
      if (this.hasPanes[window.size.index] && hasCorrection(window)) this.deferred.push(window)
      else this.forget(window)
    }
  }

  private forget(window: OpenWindow<S>): void {
    this.windows[window.size.index]!.delete(window.start)
    for (const cell of window.cells.values()) {
      hand(cell, this.aggregate)
      this.groups.removeCell(cell.group)
      if (cell.slot >= 0) {
        this.slots[cell.slot] = undefined
        this.freeSlots.push(cell.slot)
      }
    }
  }

  /** Begins the cell of the window that holds `t`, and what is coarser. */
  private begin(size: PlannedSize, t: number, group: number, watermark: number): Cell<S> {
    const window = this.window(size, t, watermark)
    const known = window.cells.get(group)
    if (known !== undefined) return known
    const base = size.index === 0
    const cell: Cell<S> = {
      window,
      group,
      slot: base ? (this.freeSlots.pop() ?? this.slots.length) : -1,
      state: base ? this.aggregate.create() : undefined,
      links: [],
      inbox: new Set(),
      events: 0,
      revision: 0,
      fired: window.end - 1 <= watermark,
      dirty: false,
      marked: false,
    }
    if (base) this.slots[cell.slot] = cell
    window.cells.set(group, cell)
    this.groups.addCell(group)
    for (const coarser of size.coarser) {
      const link: Link<S> = { from: cell, to: this.begin(coarser, t, group, watermark), events: 0 }
      cell.links.push(link)
    }
    return cell
  }

  private window(size: PlannedSize, t: number, watermark: number): OpenWindow<S> {
    const { assigner } = size
    assigner.locate(t)
    const { start, end } = assigner
    const open = this.windows[size.index]!
    let window = open.get(start)
    if (window === undefined) {
      window = { size, start, end, cells: new Map() }
      open.set(start, window)
      if (end - 1 <= watermark) this.retiring.push(window)
      else this.waiting.push(window)
    }
    return window
  }
}

function hasCorrection(window: OpenWindow<unknown>): boolean {
  for (const cell of window.cells.values()) if (cell.fired && cell.dirty) return true
  return false
}

/** By end, then size; sorting is stable, so then by arrival. */
function inOrder(a: Cell<unknown>, b: Cell<unknown>): number {
  return a.window.end - b.window.end || a.window.size.index - b.window.size.index
}
