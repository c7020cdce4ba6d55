import { ExitCode } from './exit/exit-code.js'

/** Why a run ends before its input does. */
export type StopReason = 'SIGINT' | 'SIGTERM' | 'closed-output'

const codes: Readonly<Record<StopReason, ExitCode>> = {
  SIGINT: ExitCode.interrupted,
  SIGTERM: ExitCode.terminated,
  // The reader of the results has seen enough, as `head` has: that is not a failure.
  'closed-output': ExitCode.done,
}

/** What happens when a run that was asked to stop cannot finish. */
export interface Grace {
  /** How long it may take from the signal on, in ms. */
  readonly milliseconds: number
  /** Called when that time is over; returns the code to exit with. */
  onExpired(signalCode: ExitCode): ExitCode
}

/** A request to stop, from a signal or from an output that is no longer read. */
export class Stop {
  readonly #controller = new AbortController()
  readonly #handlers = new Map<NodeJS.Signals, () => void>()
  #reason: StopReason | null = null
  #expiry: NodeJS.Timeout | undefined

  /** Aborts with the first reason. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** The first reason; null while nothing asks to stop. */
  get reason(): StopReason | null {
    return this.#reason
  }

  /** The exit code that the reason stands for; null while nothing asks to stop. */
  get exitCode(): ExitCode | null {
    return this.#reason === null ? null : codes[this.#reason]
  }

  /** The first reason stays. */
  request(reason: StopReason): void {
    if (this.#reason !== null) return
    this.#reason = reason
    this.#controller.abort()
  }

  /** Listens for SIGINT and SIGTERM: the first asks to stop, the second ends the process at once. */
  listen(grace: Grace): void {
    let signalled = false
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      const handler = () => {
        if (signalled) process.exit(codes[name])
        signalled = true
        this.#expiry = setTimeout(() => process.exit(grace.onExpired(codes[name])), grace.milliseconds)
        this.#expiry.unref()
        this.request(name)
      }
      this.#handlers.set(name, handler)
      process.on(name, handler)
    }
  }

  /** What had to be handed over has been: the run may take its time to close. */
  expectNoMore(): void {
    clearTimeout(this.#expiry)
  }

  /** Stops listening: from now on a signal ends the process as the system does. */
  release(): void {
    this.expectNoMore()
    for (const [name, handler] of this.#handlers) process.off(name, handler)
    this.#handlers.clear()
  }
}
