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
}

/** The message of anything thrown, for a line that a person reads. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
