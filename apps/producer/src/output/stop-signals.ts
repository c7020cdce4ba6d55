/** The exit codes of the signals that end a run. */
const codes = { SIGINT: 130, SIGTERM: 143 } as const

// How long a reader that does not read, or a broker that does not answer, can hold up a run that was asked to stop.
const grace = 1000

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

/** Says what a run to stdout or a file may have left undone. */
export const stoppedWhileWriting = 'stopped while the output was not read; its last line may be cut'

/** Says what a run into a topic may have left undone. */
export const stoppedWhileSending = 'stopped while Kafka did not answer; the last records may be there or not'

/**
 * Listens for SIGINT and SIGTERM. The first asks the run to stop after a whole line, and ends the process when
 * its output is not taken within a second; the second ends it at once.
 *
 * @param stalledMessage said where the output was not taken in time
 */
export function listenForStop(stalledMessage: string): StopSignals {
  const controller = new AbortController()
  let exitCode: number | null = null
  let stalled: NodeJS.Timeout | undefined
  const listener = (name: NodeJS.Signals) => {
    const code = codes[name as keyof typeof codes]
    if (exitCode !== null) process.exit(code)
    exitCode = code
    stalled = setTimeout(() => {
      process.stderr.write(`producer: ${stalledMessage}\n`)
      process.exit(code)
    }, grace)
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
