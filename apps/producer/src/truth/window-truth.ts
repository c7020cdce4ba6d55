import { PairIds } from './pair-ids.js'
import { grown, UserSets } from './user-sets.js'
import type { WindowSize } from './window-size.js'

/** What a correct counter reports for one window and group. Times in milliseconds since the Unix epoch. */
export interface PaneTruth {
  readonly start: number
  readonly end: number
  readonly group: number
  readonly users: number
  readonly events: number
}

/** Counts users and events exactly per window of one size and group. */
export class WindowTruth {
  readonly size: WindowSize
  readonly #panes = new PairIds()
  readonly #sets: UserSets
  #events = new Uint32Array(64)
  // The window of the frame before: the next frame is mostly of the same, which spares a division.
  #from = Number.POSITIVE_INFINITY
  #to = Number.NEGATIVE_INFINITY
  #index = 0
  #group = -1
  #pane = 0

  constructor(size: WindowSize, users: number) {
    this.size = size
    this.#sets = new UserSets(users)
  }

  add(second: number, group: number, user: number): void {
    const time = second * 1000
    if (time < this.#from || time >= this.#to) {
      this.#index = this.size.indexOf(second)
      this.#from = this.size.startOf(this.#index)
      this.#to = this.size.startOf(this.#index + 1)
      this.#group = -1
    }
    if (group !== this.#group) {
      this.#group = group
      this.#pane = this.#panes.id(this.#index, group)
      if (this.#pane >= this.#events.length) this.#events = grown(this.#events)
    }
    this.#events[this.#pane]!++
    this.#sets.add(this.#pane, user)
  }

  /** Every pane, by start, then by the bytes of its group's text, the null group first. */
  *panes(groupText: (group: number) => string | null): Generator<PaneTruth> {
    const order = new Uint32Array(this.#panes.size).map((_, index) => index)
    order.sort((a, b) => this.#panes.first(a) - this.#panes.first(b) || this.#compareGroups(a, b, groupText))
    for (const pane of order) {
      const index = this.#panes.first(pane)
      yield {
        start: this.size.startOf(index),
        end: this.size.startOf(index + 1),
        group: this.#panes.second(pane),
        users: this.#sets.size(pane),
        events: this.#events[pane]!,
      }
    }
  }

  #compareGroups(a: number, b: number, groupText: (group: number) => string | null): number {
    const left = groupText(this.#panes.second(a))
    const right = groupText(this.#panes.second(b))
    if (left === right) return 0
    if (left === null || right === null) return left === null ? -1 : 1
    return left < right ? -1 : 1
  }
}
