/** What the command line gives. */
export interface GivenFlags {
  /** The texts of options by their names; a switch is `true`, or `false` where it was given as `--no-…`. */
  readonly texts: ReadonlyMap<string, string>
  /** The file that `--config` names. */
  readonly config: string | null
  /** Words that are no flags: the input files. */
  readonly operands: readonly string[]
  /** What is wrong with the command line itself. */
  readonly problems: readonly string[]
}
