import { ExitError } from './exit-error.js'

/** Failures of a run that goes on to its end all the same, so that all of them are reported together. */
export class Failures {
  readonly #errors: unknown[] = []

  get none(): boolean {
    return this.#errors.length === 0
  }

  add(error: unknown): void {
    this.#errors.push(error)
  }

  /** Does a piece of the work and keeps what it throws. */
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
