import type { Counting } from '@card/counting'
import type { GroupTable } from '@card/frames'

/** The table that the ids of groups are of. */
export type SweptGroups = Pick<GroupTable, 'size' | 'sweep'>

/** Groups below which none are freed. */
const fewGroups = 65_536

/** Frees groups that no open window uses, whenever their table has doubled since the last time. */
export class GroupSweep {
  readonly #groups: SweptGroups
  #sweepAt = fewGroups

  constructor(groups: SweptGroups) {
    this.#groups = groups
  }

  get isDue(): boolean {
    return this.#groups.size >= this.#sweepAt
  }

  /** To be called when no batch to come holds ids that were looked up already. */
  sweep(counting: Pick<Counting, 'isLiveGroup'>): void {
    this.#groups.sweep((id) => counting.isLiveGroup(id))
    this.#sweepAt = Math.max(fewGroups, this.#groups.size * 2)
  }
}
