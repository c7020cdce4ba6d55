import type { ExitCode } from './exit-code.js'

/** Ends the program with a code and one line on stderr for each problem; never a stack trace. */
export class ExitError extends Error {
  override readonly name = 'ExitError'
  readonly code: ExitCode
  readonly problems: readonly string[]

  constructor(code: ExitCode, problems: readonly string[], options?: ErrorOptions) {
    super(problems.join('\n'), options)
    this.code = code
    this.problems = problems
  }

  /** Each file of a built program has its own copy of this class; an error of one is an error of the others. */
  static override [Symbol.hasInstance](value: unknown): value is ExitError {
    return value instanceof Error && value.name === 'ExitError'
  }
}

/** The message of anything thrown, for a line that a person reads. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
