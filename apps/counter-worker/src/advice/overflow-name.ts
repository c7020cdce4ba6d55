import { overflowGroup } from '@card/counting'
import type { FrameColumns, GroupTable } from '@card/frames'
import type { OptionValues } from '../settings/option-table.js'

/** Warns, once, of frames whose own group is called as the one that takes the groups beyond the limit. */
export class OverflowName {
  readonly #warn: (text: string) => void
  #isWatched: boolean
  #id: number | null = null

  constructor(values: OptionValues, warn: (text: string) => void) {
    this.#warn = warn
    this.#isWatched = values['group-by'] !== null && values['group-overflow'] === 'other'
  }

  look(columns: FrameColumns, groups: GroupTable): void {
    if (!this.#isWatched) return
    // The counting core has interned it, and keeps its id.
    this.#id ??= groups.id(overflowGroup)
    if (!columns.group.subarray(0, columns.rows).includes(this.#id)) return
    this.#isWatched = false
    this.#warn(
      `frames have a group called ${overflowGroup}, which also takes the groups beyond --max-groups: both are counted together; --group-overflow reject keeps them apart`,
    )
  }
}
