import type { Aggregate } from './aggregate.js'
import { cellKey, type LoadedCell, loadCells, saveCell } from './cell-record.js'
import { LiveGroups } from './groups.js'
import { WindowHeap } from './heap.js'
import type { Cell, Link, OpenWindow } from './open-window.js'
import type { Pane, PaneKind } from './pane.js'
import type { PlannedSize } from './plan.js'
import { hand, pull, touch } from './roll-up.js'
import { RollingPanes, type RollingView } from './rolling.js'
import { sizeKey } from './size.js'
import type { CellRecord, GroupNames, RollingRecord, WindowingSnapshot } from './snapshot.js'

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
  /** names of cells in the last snapshot that are gone */
  private gone: string[] = []
  /** and of what belonged to rolling views that are no more */
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

  /** The end of the newest base window; -Infinity when none is open. */
  get newestBaseEnd(): number {
    let newest = never
    for (const { end } of this.windows[0]!.values()) if (end > newest) newest = end
    return newest
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
    cell.saved = false
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

  /** The open cells, or what changed of them since the last save, by name. */
  save(names: GroupNames | undefined, changesOnly: boolean): Record<string, CellRecord | null> {
    const records: Record<string, CellRecord | null> = {}
    if (changesOnly) for (const key of this.gone) records[key] = null
    this.gone = []
    for (const { size, index } of this.plan) {
      for (const { start, cells } of this.windows[index]!.values()) {
        for (const cell of cells.values()) {
          if (changesOnly && cell.saved) continue
          cell.key ??= cellKey(sizeKey(size), start, cell.group, names)
          cell.saved = true
          records[cell.key] = saveCell(cell, this.aggregate)
        }
      }
    }
    return records
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

  /**
   * Fills a new store with what `save` gave. The sizes may have changed above the base: windows of new ones begin
   * with what finer windows still hold.
   */
  load(snapshot: WindowingSnapshot, names: GroupNames | undefined, watermark: number): void {
    const sizes = new Map(this.plan.map((size) => [sizeKey(size.size), size]))
    const same =
      sizes.size === Object.keys(snapshot.sizes).length &&
      [...sizes.keys()].every((key) => key in snapshot.sizes)
    const loaded = new Map<Cell<S>, LoadedCell<S>>()
    for (const from of loadCells(snapshot, names, this.aggregate, !same)) {
      const size = sizes.get(from.size)
      if (size === undefined) {
        this.gone.push(from.key)
        continue
      }
      const cell = this.make(this.window(size, from.start, watermark), from.group, from.fired)
      const { events, shown, revision, state, key } = from
      Object.assign(cell, { events, shown, revision, state, key, saved: same })
      loaded.set(cell, from)
    }
    for (const size of this.plan) {
      for (const window of this.windows[size.index]!.values()) {
        for (const cell of window.cells.values()) this.link(cell, loaded, same, watermark)
      }
    }
    this.quiet = watermark
    this.nextGrid = watermark === never ? never : this.gridAfter(watermark)
    const views = this.views.flat()
    for (const view of views) view.load(snapshot.rolling, names, watermark)
    const known = new Set(views.map(({ view }) => view.name))
    this.goneViews = Object.keys(snapshot.rolling).filter((key) => !known.has(JSON.parse(key)[0]))
    this.nextView = Math.min(always, ...views.map((view) => view.attention))
    this.retire(watermark)
  }

  /** Links a cell out of a snapshot to everything coarser, and finds whether it changed since its last pane. */
  private link(cell: Cell<S>, loaded: Map<Cell<S>, LoadedCell<S>>, same: boolean, watermark: number): void {
    const { window, group } = cell
    const saved = loaded.get(cell)
    if (saved === undefined) {
      // A size that the snapshot did not have: what it holds of ended windows stays unpublished until it changes.
      pull(cell, this.aggregate)
      if (cell.fired) cell.shown = cell.events
    }
    for (const coarser of window.size.coarser) {
      const parent = this.window(coarser, window.start, watermark)
      let to = parent.cells.get(group)
      if (to === undefined) to = this.make(parent, group, parent.end - 1 <= watermark)
      // Where sizes have changed, whatever was loaded is up to date with everything finer.
      const had = loaded.has(to) ? (same ? saved?.links.get(placeOf(to)) : cell.events) : 0
      const link: Link<S> = { from: cell, to, events: had ?? 0 }
      cell.links.push(link)
      if (link.events !== cell.events || cell.inbox.size > 0) to.inbox.add(link)
    }
    cell.dirty = cell.events !== cell.shown || cell.inbox.size > 0
    if (cell.dirty) this.onDirty(cell)
  }

  /** Adds the panes of rolling views, in order, and drops those of sizes that only views use. */
  private roll(panes: Pane<S>[], watermark: number): Pane<S>[] {
    const all = panes.filter((pane) => !this.plan[pane.size]!.hidden)
    this.nextView = always
    for (const views of this.views) {
      for (const view of views) {
        all.push(...view.fire(watermark, this.quiet))
        this.nextView = Math.min(this.nextView, view.attention)
      }
    }
    return all.sort(
      (a, b) => Number(a.kind !== 'final') - Number(b.kind !== 'final') || a.end - b.end || a.size - b.size,
    )
  }

  /** Bytes of the states of open windows by size. */
  stateBytes(): Record<string, number> {
    return Object.fromEntries(
      this.plan.map(({ size, index }) => {
        let bytes = 0
        for (const { cells } of this.windows[index]!.values()) {
          for (const { state } of cells.values())
            if (state !== undefined) bytes += this.aggregate.measure(state)
        }
        return [size.name, bytes]
      }),
    )
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
      if (cell.key !== undefined) this.gone.push(cell.key)
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
    const cell = this.make(window, group, window.end - 1 <= watermark)
    if (size.index === 0) cell.state = this.aggregate.create()
    for (const coarser of size.coarser) {
      const link: Link<S> = { from: cell, to: this.begin(coarser, t, group, watermark), events: 0 }
      cell.links.push(link)
    }
    return cell
  }

  private make(window: OpenWindow<S>, group: number, fired: boolean): Cell<S> {
    const base = window.size.index === 0
    const cell: Cell<S> = {
      window,
      group,
      slot: base ? (this.freeSlots.pop() ?? this.slots.length) : -1,
      state: undefined,
      links: [],
      inbox: new Set(),
      events: 0,
      shown: 0,
      revision: 0,
      fired,
      dirty: false,
      marked: false,
      order: window.began++,
      key: undefined,
      saved: false,
    }
    if (base) this.slots[cell.slot] = cell
    window.cells.set(group, cell)
    this.groups.addCell(group)
    return cell
  }

  private window(size: PlannedSize, t: number, watermark: number): OpenWindow<S> {
    const { assigner } = size
    assigner.locate(t)
    const { start, end } = assigner
    const open = this.windows[size.index]!
    let window = open.get(start)
    if (window === undefined) {
      window = { size, start, end, cells: new Map(), began: 0 }
      open.set(start, window)
      if (end - 1 <= watermark) this.retiring.push(window)
      else this.waiting.push(window)
    }
    return window
  }
}

/** A cell's place, as `LoadedCell.links` names it. */
function placeOf({ window, group }: Cell<unknown>): string {
  return `${sizeKey(window.size.size)} ${window.start} ${group}`
}

function hasCorrection(window: OpenWindow<unknown>): boolean {
  for (const cell of window.cells.values()) if (cell.fired && cell.dirty) return true
  return false
}

/** By end, then size, then arrival of the group in the window. */
function inOrder(a: Cell<unknown>, b: Cell<unknown>): number {
  return a.window.end - b.window.end || a.window.size.index - b.window.size.index || a.order - b.order
}
