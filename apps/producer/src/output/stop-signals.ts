/** The exit codes of the signals that end a run. */
const codes = { SIGINT: 130, SIGTERM: 143 } as const

/** What a run that was asked to stop, and cannot hand over what it has, may do about it. */
export interface Stalled {
  /** How long it tries, ms. */
  readonly grace: number
  /** What it says then. */
  readonly message: string
}

export interface StopSignals {
  /** Aborts on the first signal. */
  readonly signal: AbortSignal
  /** 130 or 143 after a signal, else null. */
  readonly exitCode: number | null
  /** All output has been written: the run may take its time to close. */
  outputDone(): void
  /** Stops listening: from now on a signal ends the process in the system's way. */
  release(): void
}

/** A reader that does not read. */
export const stoppedWhileWriting: Stalled = {
  grace: 1000,
  message: 'stopped while the output was not read; its last line may be cut',
}

/** A broker that does not answer: it may be slow, and records in doubt cost more than a wait. */
export const stoppedWhileSending: Stalled = {
  grace: 10_000,
  message: 'stopped while Kafka did not answer; the last records may be there or not',
}

/**
 * Listens for SIGINT and SIGTERM. The first asks the run to stop after a whole line, and ends the process when
 * its output is not taken in time; the second ends it at once.
 *
 * @param whenStalled how long that is, and what is said then
 */
export function listenForStop(whenStalled: Stalled): StopSignals {
  const controller = new AbortController()
  let exitCode: number | null = null
  let stalled: NodeJS.Timeout | undefined
  const listener = (name: NodeJS.Signals) => {
    const code = codes[name as keyof typeof codes]
    if (exitCode !== null) process.exit(code)
    exitCode = code
    stalled = setTimeout(() => {
      process.stderr.write(`producer: ${whenStalled.message}\n`)
      process.exit(code)
    }, whenStalled.grace)
    controller.abort()
  }
  process.on('SIGINT', listener)
  process.on('SIGTERM', listener)
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode
    },
    outputDone: () => clearTimeout(stalled),
    release() {
      clearTimeout(stalled)
      process.off('SIGINT', listener)
      process.off('SIGTERM', listener)
    },
  }
}
