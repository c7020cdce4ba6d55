/** The exit codes of the program; every other end is a crash. */
export const ExitCode = {
  done: 0,
  /** Unreadable input, an output that cannot be written. */
  failed: 1,
  /** A flag that does not exist, or whose value is not in range. */
  usage: 64,
  /** The input was read to its end, and none of it could be counted, or more was rejected than `--max-rejects` allows. */
  data: 65,
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

  constructor(code: ExitCode, problems: readonly string[], options?: ErrorOptions) {
    super(problems.join('\n'), options)
    this.code = code
    this.problems = problems
  }
}

/** The message of anything thrown, for a line a person reads. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Failures of a run that goes on to its end all the same, so that all of them are told at once. */
export class Failures {
  readonly #errors: unknown[] = []

  get none(): boolean {
    return this.#errors.length === 0
  }

  add(error: unknown): void {
    this.#errors.push(error)
  }

  /** Does a piece of the work; what it throws is kept. */
  async of(work: () => void | Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.add(error)
    }
  }

  /** @throws the first crash, or one ExitError with every problem, each once; nothing when there were none */
  throw(): void {
    const crash = this.#errors.find((error) => !(error instanceof ExitError))
    if (crash !== undefined) throw crash
    const errors = this.#errors as ExitError[]
    if (errors.length === 0) return
    throw new ExitError(errors[0]!.code, [...new Set(errors.flatMap(({ problems }) => problems))])
  }
}
