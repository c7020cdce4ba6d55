import type { Grace } from '@card/app-kit'

/** A reader that does not read. */
export const stoppedWhileWriting = grace(
  1000,
  'stopped while nothing read the output; its last line may be cut short',
)

/** A broker that does not answer: it may be slow, and records in doubt cost more than a wait. */
export const stoppedWhileSending = grace(
  10_000,
  'stopped while Kafka did not answer; the last records may or may not have been written',
)

/** A question that no broker answers. */
export const stoppedWhileAsking = grace(1000, 'stopped before Kafka had answered')

function grace(milliseconds: number, message: string): Grace {
  return {
    milliseconds,
    onExpired(signalCode) {
      process.stderr.write(`producer: ${message}\n`)
      return signalCode
    },
  }
}
