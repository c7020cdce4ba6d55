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

/**
 * The message of anything thrown, for a line that a person reads. One of the system is its code and what it means,
 * `ENOSPC (no space left on device)`: the call and the path are told by whoever reports it.
 */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === undefined || syscall === undefined) return error.message
  // As Node writes it: `ENOENT: no such file or directory, open 'a'`, `listen EADDRINUSE: address already in use ::1:80`.
  const meaning = /^(?:\w+ )?E[A-Z0-9]+: ([a-z][^,:]*?)(?:, .*| [^ ]*:\d+)?$/s.exec(error.message)?.[1]
  return meaning === undefined ? error.message : `${code} (${meaning})`
}
