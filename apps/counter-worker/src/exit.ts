/** The exit codes of the program; every other end is a crash. */
export const ExitCode = {
  done: 0,
  /** Unreadable input, an output that cannot be written. */
  failed: 1,
  /** A flag that does not exist, or whose value is not in range. */
  usage: 64,
  /** A configuration file or a `CARD_*` variable that cannot be used. */
  configuration: 78,
  interrupted: 130,
  terminated: 143,
} as const

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** Ends the program with a code and one line on stderr for each problem; never a stack trace. */
export class ExitError extends Error {
  override readonly name = 'ExitError'
  readonly code: ExitCode
  readonly problems: readonly string[]

  constructor(code: ExitCode, problems: readonly string[]) {
    super(problems.join('\n'))
    this.code = code
    this.problems = problems
  }
}

/** The message of anything thrown, for a line a person reads. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
