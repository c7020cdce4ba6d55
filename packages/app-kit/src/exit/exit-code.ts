/** The exit codes of every app; anything else is a crash. */
export const ExitCode = {
  done: 0,
  /** Unreadable input, an output that cannot be written, no broker. */
  failed: 1,
  /** A flag that does not exist, or a value that it does not take. */
  usage: 64,
  /** At the end of its input: frames were read and none, or too few, could be counted. */
  badData: 65,
  /** A configuration file or variable that cannot be used, or a system that contradicts the configuration. */
  configuration: 78,
  interrupted: 130,
  terminated: 143,
} as const

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]
