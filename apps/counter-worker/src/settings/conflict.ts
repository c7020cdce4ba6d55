import type { OptionName } from './option-table.js'

/** A combination of settings that cannot be meant. */
export interface Conflict {
  /** Every setting that takes part; the first that was given is to blame. */
  readonly options: readonly OptionName[]
  readonly text: string
}

/** Whether somebody gave a setting on purpose: a default conflicts with nothing. */
export type Given = (name: OptionName) => boolean
