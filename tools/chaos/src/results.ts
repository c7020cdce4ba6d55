import { type KafkaClient, KafkaSource, recordValue } from '@card/kafka-io'
import { keyOf } from './traffic.js'

/** A reader of committed results, which sees whether any window goes back, or leaves a revision out. */
export class Results {
  readonly #newest = new Map<string, { revision: number; content: string }>()
  readonly #source: KafkaSource
  readonly #reading: Promise<void>
  /** What must never be seen. */
  readonly problems: string[] = []

  static async follow(client: KafkaClient, topics: readonly string[]): Promise<Results> {
    return new Results(await KafkaSource.open(client, { topics: [...topics], from: 'earliest' }))
  }

  private constructor(source: KafkaSource) {
    this.#source = source
    this.#reading = this.#read().catch((error) => void this.problems.push(String(error)))
  }

  /** The highest revision of each window, as `count events`. */
  get windows(): Map<string, string> {
    return new Map(Array.from(this.#newest, ([key, { content }]) => [key, content]))
  }

  async close(): Promise<void> {
    await this.#source.close()
    await this.#reading
  }

  async #read(): Promise<void> {
    for await (const event of this.#source) {
      if (event.kind !== 'records') continue
      for (let row = 0; row < event.columns.rows; row++) {
        const value = recordValue(event.columns, row)
        if (value !== null) this.#take(JSON.parse(Buffer.from(value).toString()))
      }
    }
  }

  #take(result: { window: string; start: string; count: number; events: number; revision: number }): void {
    const { window, start, count, events, revision } = result
    const key = keyOf(window, start)
    const before = this.#newest.get(key)?.revision ?? -1
    if (revision !== before + 1) this.problems.push(`${key}: revision ${revision} after ${before}`)
    this.#newest.set(key, { revision, content: `${count} ${events}` })
  }
}
