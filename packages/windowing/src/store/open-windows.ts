import { cellKey, saveCell } from '../snapshot/cell-record.js'
import type { CellRecord, GroupNames } from '../snapshot/snapshot.js'
import type { PlannedSize } from '../time/plan.js'
import { sizeKey } from '../time/size.js'
import type { Aggregate } from './aggregate.js'
import { LiveGroups } from './groups.js'
import { WindowHeap } from './heap.js'
import type { Cell, OpenWindow } from './open-window.js'
import { hand, noLinks } from './roll-up.js'
import { totalGroup } from './total-group.js'

/** The windows that hold state, of all sizes, with their cells. */
export class OpenWindows<S> {
  readonly groups: LiveGroups
  /** base cells by slot */
  readonly slots: (Cell<S> | undefined)[] = []
  private readonly freeSlots: number[] = []
  /** open windows by start, for each size */
  readonly bySize: readonly Map<number, OpenWindow<S>>[]
  /** windows that have not fired */
  readonly waiting = new WindowHeap<S>()
  /** windows that have */
  readonly retiring = new WindowHeap<S>()
  /** names of cells in the last snapshot that are gone */
  gone: string[] = []

  constructor(
    readonly plan: readonly PlannedSize[],
    readonly aggregate: Aggregate<S>,
    exemptGroup: number,
  ) {
    this.bySize = plan.map(() => new Map())
    this.groups = new LiveGroups(exemptGroup)
  }

  /** The cells of one size, by start of window and arrival of group. */
  *cells(size: PlannedSize): Generator<Cell<S>> {
    for (const window of this.bySize[size.index]!.values()) yield* window.cells.values()
  }

  /** The base cell of a window that holds state for the group, if there is one. */
  find(start: number, group: number): Cell<S> | undefined {
    return this.bySize[0]!.get(start)?.cells.get(group)
  }

  /** Begins the cell of the window that holds `t`, and what is coarser. */
  begin(size: PlannedSize, t: number, group: number, watermark: number): Cell<S> {
    const window = this.window(size, t, watermark)
    const known = window.cells.get(group)
    if (known !== undefined) return known
    const cell = this.make(window, group, window.end - 1 <= watermark)
    if (size.index === 0) cell.state = this.aggregate.create()
    if (size.coarser.length > 0) {
      cell.links = size.coarser.map((coarser) => {
        const to = this.begin(coarser, t, group, watermark)
        return { from: cell, to, events: 0, waiting: false }
      })
    }
    return cell
  }

  /** A cell without links. */
  make(window: OpenWindow<S>, group: number, fired: boolean): Cell<S> {
    const base = window.size.index === 0
    const cell: Cell<S> = {
      window,
      group,
      slot: base ? (this.freeSlots.pop() ?? this.slots.length) : -1,
      state: undefined,
      links: noLinks,
      inbox: noLinks,
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
    if (group === totalGroup) window.total = cell
    this.groups.addCell(group)
    return cell
  }

  /** The window that holds `t`, begun where there is none. */
  window(size: PlannedSize, t: number, watermark: number): OpenWindow<S> {
    const { assigner } = size
    assigner.locate(t)
    const { start, end } = assigner
    const open = this.bySize[size.index]!
    let window = open.get(start)
    if (window === undefined) {
      window = { size, start, end, cells: new Map(), total: undefined, began: 0 }
      open.set(start, window)
      if (end - 1 <= watermark) this.retiring.push(window)
      else this.waiting.push(window)
    }
    return window
  }

  /** Gives up the state of a window, to what is coarser where that lacks any of it. */
  forget(window: OpenWindow<S>): void {
    this.bySize[window.size.index]!.delete(window.start)
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

  /** The open cells, or what changed of them since the last save, by name. */
  save(names: GroupNames | undefined, changesOnly: boolean): Record<string, CellRecord | null> {
    const records: Record<string, CellRecord | null> = {}
    if (changesOnly) for (const key of this.gone) records[key] = null
    this.gone = []
    for (const { size, index } of this.plan) {
      for (const { start, cells } of this.bySize[index]!.values()) {
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
}
