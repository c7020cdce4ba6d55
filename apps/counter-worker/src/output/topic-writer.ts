import type { RefusedLine } from '@card/counting'
import type { KafkaSink, SinkRecord } from '@card/kafka-io'
import { type Result, type ResultFormat, resultHeaders, resultKey } from '@card/results'
import type { RefusedLines } from './refused-lines.js'
import { type RefusedLabel, refusedText } from './refused-text.js'

/** Records for topics, gathered until the next flush, in order for each topic. */
export class TopicWriter {
  readonly #sink: KafkaSink
  readonly #gathered = new Map<string, { readonly records: SinkRecord[]; counting: number }>()
  #abandoned = false
  /** Records that count and were acknowledged. */
  delivered = 0

  constructor(sink: KafkaSink) {
    this.#sink = sink
  }

  /** @param counts see `delivered` */
  add(topic: string, record: SinkRecord, counts = false): void {
    if (this.#abandoned) return
    let gathered = this.#gathered.get(topic)
    if (gathered === undefined) {
      gathered = { records: [], counting: 0 }
      this.#gathered.set(topic, gathered)
    }
    gathered.records.push(record)
    if (counts) gathered.counting++
  }

  /** How often records were sent in vain. */
  get failures(): number {
    return this.#sink.failures
  }

  /** Resolves when everything is acknowledged. @throws KafkaIoError */
  async flush(): Promise<void> {
    if (this.#gathered.size === 0) return
    const all = [...this.#gathered]
    this.#gathered.clear()
    for (const [topic, { records, counting }] of all) {
      await this.#sink.send(topic, records)
      this.delivered += counting
    }
  }

  /** Gives up what was gathered and what comes: nobody is there to take it. */
  abandon(): void {
    this.#abandoned = true
    this.#gathered.clear()
  }

  /** Writes what remains and disconnects. @throws KafkaIoError */
  async close(): Promise<void> {
    try {
      await this.flush()
    } finally {
      await this.#sink.close()
    }
  }
}

/** Makes records of results: the highest revision of a key is what a compacted topic keeps. */
export function resultRecords(format: ResultFormat): (result: Result) => SinkRecord {
  return (result) => {
    const value = format.line(result).slice(0, -1)
    return { key: resultKey(result), value, headers: resultHeaders(result) }
  }
}

/** A topic of refused lines, one JSON object each, keyed by the place of the line. */
export class RefusedLineTopic implements RefusedLines {
  readonly #topic: string
  readonly #label: RefusedLabel
  readonly #most: number
  readonly #writer: Pick<TopicWriter, 'add'>

  /** @param most bytes of a record's value: of a longer line only the beginning is kept */
  constructor(topic: string, label: RefusedLabel, most: number, writer: Pick<TopicWriter, 'add'>) {
    this.#topic = topic
    this.#label = label
    this.#most = most
    this.#writer = writer
  }

  add(why: string, line: RefusedLine): void {
    let value = refusedText(this.#label, why, line)
    if (Buffer.byteLength(value) > this.#most) {
      // JSON writes a control character in six bytes: so much of any line fits.
      value = refusedText(this.#label, why, {
        ...line,
        line: line.line.subarray(0, Math.floor(this.#most / 7)),
      })
    }
    const key = JSON.stringify([line.source, line.offset])
    this.#writer.add(this.#topic, { key, value, headers: { [this.#label]: why } })
  }
}
