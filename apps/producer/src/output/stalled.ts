import type { Grace } from '@card/app-kit'

/** A reader that does not read. */
export const stoppedWhileWriting = grace(
  1000,
  'stopped while the output was not read; its last line may be cut',
)

/** A broker that does not answer: it may be slow, and records in doubt cost more than a wait. */
export const stoppedWhileSending = grace(
  10_000,
  'stopped while Kafka did not answer; the last records may be there or not',
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
