import type { OptionName } from './option-table.js'

/** What can take part in a conflict: a setting, or the input files. */
export type Party = OptionName | 'files'

/** A combination of settings that cannot be meant. */
export interface Conflict {
  /** Every setting that takes part; the first that was given is to blame. */
  readonly options: readonly Party[]
  /**
   * Those of them whose default ends the conflict, so that one from a lower source than another option gives way; of the
   * same source the first. None: no source overrides the other, as where two topics have one name.
   */
  readonly yielding?: readonly Party[]
  readonly text: string
}

/** Whether somebody gave a setting on purpose: a default conflicts with nothing. */
export type Given = (name: Party) => boolean
