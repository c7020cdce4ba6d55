import type { OptionTable, OptionValues } from './option.js'

/** What can take part in a conflict: an option, or `files`, the operands. */
export type Party<T extends OptionTable> = (keyof T & string) | 'files'

/** Options that cannot be meant together, wherever they come from. */
export interface Conflict<T extends OptionTable> {
  /** Every option that takes part: where the text of one cannot be read, there is no conflict to report. */
  readonly options: readonly Party<T>[]
  /** What contradicts what and what to do, without the source of a flag but with that of anything else. */
  readonly text: string
}

/** Options that are each readable, to be checked together. */
export interface Candidate<T extends OptionTable> {
  readonly values: OptionValues<T>
  /** Input files in the order given; empty where none were. */
  readonly files: readonly string[]
  /**
   * Whether an option was given on purpose, by a flag or, with another value than its default, by a variable or file: a
   * file that `config` printed holds every default.
   */
  given(party: Party<T>): boolean
  /** The option with its value and source, for the text of a conflict: `--error 1`, `CARD_ERROR=1`. */
  named(party: Party<T>): string
}
