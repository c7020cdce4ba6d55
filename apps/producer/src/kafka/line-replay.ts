import { setTimeout as delay } from 'node:timers/promises'
import type { SinkRecord } from '@card/kafka-io'
import type { FrameRecords } from './frame-records.js'

export interface ReplayLinesOptions {
  readonly records: FrameRecords
  /** Sends records; the next call follows when its promise is fulfilled. */
  readonly send: (records: readonly SinkRecord[]) => Promise<void>
  /** Bytes of one send. */
  readonly batchSize: number
  /** When a line is due, see `EventPace`; null: at once. */
  readonly pace: { due(time: number, now: number): number } | null
  /** Least wait between sends when paced, ms. */
  readonly linger: number
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
  /** Nothing is taken any more once it aborts; what was taken is sent. */
  readonly signal: AbortSignal
}

/** Most records of one send, as many as the sink makes one of. */
const batchRecords = 1000

/** Sends lines as records, each when it is due; one batch fills while the other is being sent. */
export class LineReplay {
  /** Records handed over to be sent, and the bytes of their values. */
  sent = 0
  bytes = 0
  readonly #options: ReplayLinesOptions
  #batch: SinkRecord[] = []
  #batchBytes = 0
  #sending: Promise<void> = Promise.resolve()

  constructor(options: ReplayLinesOptions) {
    this.#options = options
  }

  /**
   * Takes lines until the signal; they must not change until they are sent.
   *
   * @throws what sending throws
   */
  async take(lines: Iterable<Uint8Array>): Promise<void> {
    const { records, batchSize, pace, signal, now } = this.#options
    for (const line of lines) {
      if (signal.aborted) return
      const record = records.of(line)
      if (record === null) continue
      if (pace !== null) {
        const due = pace.due(records.time, now())
        if (due > now() && !(await this.#waitUntil(due))) return
      }
      this.#batch.push(record)
      this.#batchBytes += line.length
      if (this.#batchBytes >= batchSize || this.#batch.length === batchRecords) await this.#flush()
    }
  }

  /** Sends what is left, and waits until all is sent. */
  async end(): Promise<void> {
    await this.#flush()
    await this.#sending
  }

  /** @returns whether the moment has come, and not the signal before it */
  async #waitUntil(due: number): Promise<boolean> {
    const { signal, linger, now } = this.#options
    await this.#flush()
    // After a wait of a linger at least, all lines that are due by then go together.
    const wait = Math.max(due - now(), linger)
    await delay(wait, undefined, { signal }).catch(() => {})
    return !signal.aborted
  }

  async #flush(): Promise<void> {
    if (this.#batch.length === 0) return
    const batch = this.#batch
    this.#batch = []
    await this.#sending
    this.sent += batch.length
    this.bytes += this.#batchBytes
    this.#batchBytes = 0
    this.#sending = this.#options.send(batch)
    // Its failure is taken up by the next `await`; until then it must not count as unhandled.
    this.#sending.catch(() => {})
  }
}
