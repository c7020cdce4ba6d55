import type { OptionTable } from '../options/option.js'
import type { ManualPart } from './manual.js'

/** One command of an app, as its command line and its manual are made from. */
export interface CommandSpec {
  readonly name: string
  readonly description: string
  readonly options: OptionTable
  /** What stands for the words behind the flags, such as `[file...]`; without it there are none. */
  readonly operands?: { readonly pattern: string; readonly help: string }
  /** Switches of the command alone, which are no options of a run: `check`. */
  readonly switches?: Readonly<Record<string, { readonly section: string; readonly help: string }>>
  readonly manual?: readonly ManualPart[]
}

/** An app: its commands, and perhaps what it does without one. */
export interface ProgramSpec {
  readonly name: string
  readonly version: string
  readonly description: string
  /** The heading of `--config`, `--help` and `--version` in the manual. */
  readonly section: string
  /** What is done where no command is named; its description is that of the app. */
  readonly main?: Omit<CommandSpec, 'name' | 'description'>
  readonly commands: readonly CommandSpec[]
}
