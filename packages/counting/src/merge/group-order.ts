import { type Pane, totalGroup } from '@card/windowing'
import type { Groups } from '../groups.js'

/** Fewer panes than one for so many groups are compared with each other. */
const groupsPerPane = 8

/** Orders by the groups' bytes, the null group first, the total last. */
export class GroupOrder {
  /** panes by the rank of their group; all empty between calls */
  private places: (Pane<unknown> | undefined)[] = []

  constructor(private readonly groups: Groups) {}

  readonly compare = (a: number, b: number): number =>
    Number(a === totalGroup) - Number(b === totalGroup) || this.groups.compare(a, b)

  /** Panes of one window, which has one at most for each group. They are put into order within `panes[from, to)`. */
  sort<S>(panes: Pane<S>[], from: number, to: number): void {
    const { size } = this.groups
    if ((to - from) * groupsPerPane < size) {
      const sorted = panes.slice(from, to).sort((a, b) => this.compare(a.group, b.group))
      for (let i = from; i < to; i++) panes[i] = sorted[i - from]!
      return
    }
    // Windows of many groups follow each other: their order is worked out once, not in every window.
    const ranks = this.groups.ranks()
    const places = this.places as (Pane<S> | undefined)[]
    while (places.length < size + 2) places.push(undefined)
    for (let i = from; i < to; i++) {
      const { group } = panes[i]!
      places[group === totalGroup ? size + 1 : ranks[group]!] = panes[i]
    }
    let at = from
    for (let rank = 0; at < to; rank++) {
      const pane = places[rank]
      if (pane === undefined) continue
      panes[at++] = pane
      places[rank] = undefined
    }
  }
}
