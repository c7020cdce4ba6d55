import { ExitCode } from './exit.js'

/** Why reading ended before its end. */
export type StopReason = 'SIGINT' | 'SIGTERM' | 'closed-output'

/** The exit code of a run that ended for this reason. */
export const exitCodeOf: Readonly<Record<StopReason, ExitCode>> = {
  SIGINT: ExitCode.interrupted,
  SIGTERM: ExitCode.terminated,
  // Whoever read the results has seen enough, as `head` does: that is no failure.
  'closed-output': ExitCode.done,
}

/** A request to stop reading, from a signal or from an output that nobody reads any more. */
export class Stop {
  readonly #controller = new AbortController()
  #reason: StopReason | null = null

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  get reason(): StopReason | null {
    return this.#reason
  }

  /** The first reason stays. */
  request(reason: StopReason): void {
    if (this.#reason !== null) return
    this.#reason = reason
    this.#controller.abort()
  }

  /** Listens for SIGINT and SIGTERM: the first asks to stop, the second ends the process at once. */
  listen(): void {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        if (this.#reason === 'SIGINT' || this.#reason === 'SIGTERM') process.exit(exitCodeOf[name])
        this.request(name)
      })
    }
  }
}
