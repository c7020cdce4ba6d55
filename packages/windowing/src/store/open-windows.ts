import type { PlannedSize } from '../time/plan.js'
import { sizeKey } from '../time/size.js'
import type { Aggregate } from './aggregate.js'
import { CellPool } from './cell-pool.js'
import type { ChangeLog } from './change-log.js'
import { LiveGroups } from './groups.js'
import { WindowHeap } from './heap.js'
import type { Cell, OpenWindow } from './open-window.js'
import { none, RollUp } from './roll-up.js'
import { totalGroup } from './total-group.js'

/** The windows that hold state, of all sizes, with their cells. */
export class OpenWindows<S> {
  readonly groups: LiveGroups
  readonly rollUp: RollUp<S>
  /** base cells by slot */
  readonly slots: (Cell<S> | undefined)[] = []
  readonly pool: CellPool<S>
  private readonly freeSlots: number[] = []
  /** open windows by start, for each size */
  readonly bySize: readonly Map<number, OpenWindow<S>>[]
  /** windows that have not fired */
  readonly waiting = new WindowHeap<S>()
  /** windows that have */
  readonly retiring = new WindowHeap<S>()

  /** @param onDirty gets each cell that was unchanged since its last pane */
  constructor(
    readonly plan: readonly PlannedSize[],
    readonly aggregate: Aggregate<S>,
    exemptGroup: number,
    readonly log: ChangeLog<S>,
    onDirty: (cell: Cell<S>) => void,
  ) {
    this.bySize = plan.map(() => new Map())
    this.pool = new CellPool(aggregate, plan.length)
    this.groups = new LiveGroups(exemptGroup)
    this.rollUp = new RollUp(aggregate, log.cells, onDirty)
  }

  /** The cells of one size, by start of window and arrival of group. */
  *cells(size: PlannedSize): Generator<Cell<S>> {
    for (const window of this.bySize[size.index]!.values()) yield* window.cells.values()
  }

  /** The base cell of a window that holds state for the group, if there is one. */
  find(start: number, group: number): Cell<S> | undefined {
    return this.bySize[0]!.get(start)?.cells.get(group)
  }

  /** Begins the cell of the window that holds `t`, and what is coarser. @param state of the base cell; absent: an empty one */
  begin(size: PlannedSize, t: number, group: number, watermark: number, state?: S): Cell<S> {
    const window = this.window(size, t, watermark)
    const known = window.cells.get(group)
    if (known !== undefined) return known
    const cell = this.make(window, group, window.end - 1 <= watermark)
    this.log.cells.add(cell)
    if (size.index === 0) cell.state = state ?? cell.state ?? this.aggregate.create()
    if (cell.links.length > 0) this.relink(cell, t, watermark)
    else if (size.coarser.length > 0) {
      cell.links = size.coarser.map((coarser) => {
        const to = this.begin(coarser, t, group, watermark)
        return { from: cell, to, events: 0, waiting: false }
      })
    }
    return cell
  }

  /** A cell not yet tracked, without links or with those it had in another window. */
  make(window: OpenWindow<S>, group: number, fired: boolean): Cell<S> {
    const base = window.size.index === 0
    const cell = this.pool.take(window.size.index) ?? newCell(window)
    cell.window = window
    cell.group = group
    cell.slot = base ? (this.freeSlots.pop() ?? this.slots.length) : -1
    cell.inbox = none
    cell.events = 0
    cell.absorbed = none
    cell.shown = 0
    cell.revision = 0
    cell.fired = fired
    cell.announced = false
    cell.dirty = false
    cell.marked = false
    cell.order = window.began++
    cell.listed = false
    if (base) this.slots[cell.slot] = cell
    window.cells.set(group, cell)
    if (group === totalGroup) window.total = cell
    if (base) this.groups.addBase(group)
    else this.groups.addCell(group)
    return cell
  }

  /** Brings the links of a cell that was in another window to the coarser windows of this one. */
  private relink({ links, window: { size }, group }: Cell<S>, t: number, watermark: number): void {
    for (let i = 0; i < links.length; i++) {
      const link = links[i]!
      link.to = this.begin(size.coarser[i]!, t, group, watermark)
      link.events = 0
      link.waiting = false
    }
  }

  /** The window that holds `t`; opens it if there is none. */
  window(size: PlannedSize, t: number, watermark: number): OpenWindow<S> {
    const { assigner } = size
    assigner.locate(t)
    const { start, end } = assigner
    const open = this.bySize[size.index]!
    let window = open.get(start)
    if (window === undefined) {
      window = {
        size,
        start,
        end,
        cells: new Map(),
        total: undefined,
        began: 0,
        closed: false,
        pinned: false,
      }
      open.set(start, window)
      if (end - 1 <= watermark) this.retiring.push(window)
      else this.waiting.push(window)
    }
    return window
  }

  /** Drops the state of a window, after merging into coarser windows what they lack. */
  forget(window: OpenWindow<S>): void {
    const { size, start } = window
    this.bySize[size.index]!.delete(start)
    window.closed = true
    this.log.forget('window', sizeKey(size.size), start)
    for (const cell of window.cells.values()) {
      this.rollUp.pushUp(cell)
      if (cell.slot < 0) this.groups.removeCell(cell.group)
      else {
        this.groups.removeBase(cell.group)
        this.slots[cell.slot] = undefined
        this.freeSlots.push(cell.slot)
      }
    }
    // A snapshot of changes goes through cells that have changed after their window is over.
    if (!window.pinned && !this.log.tracking) this.pool.give(window)
  }
}

function newCell<S>(window: OpenWindow<S>): Cell<S> {
  return {
    window,
    group: 0,
    slot: -1,
    state: undefined,
    links: none,
    inbox: none,
    events: 0,
    absorbed: none,
    shown: 0,
    revision: 0,
    fired: false,
    announced: false,
    dirty: false,
    marked: false,
    order: 0,
    listed: false,
  }
}
