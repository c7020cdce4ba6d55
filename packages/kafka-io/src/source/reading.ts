import type { BatchGatherer } from '../batch/batch-gatherer.js'
import type { FetchResponse } from '../batch/fetch-response.js'
import { RecordReader, type RecordsEvent } from '../batch/record-reader.js'
import { SectionGatherer, type SectionsEvent } from '../batch/record-section.js'
import { keyOfPartition } from '../topic-partition.js'
import type { Fetcher } from './fetcher.js'
import { ReaderTurns } from './reader-turns.js'
import { located } from './source-errors.js'
import type { EndEvent, GapEvent, SourceOptions } from './types.js'

/** What is read of a partition. */
export type ReadEvent = RecordsEvent | SectionsEvent | EndEvent | GapEvent

/** Takes events of what has been fetched, of one partition after the other. */
export class Reading {
  readonly #fetcher: Fetcher
  readonly #until: SourceOptions['until']
  readonly #records: BatchGatherer<RecordsEvent | SectionsEvent>
  /** Answers that the event handed over last was the last of. */
  readonly #read: FetchResponse[] = []
  readonly #turns = new ReaderTurns()

  constructor(fetcher: Fetcher, { records, until, maxBatchBytes = 256 * 1024 * 1024 }: SourceOptions) {
    this.#fetcher = fetcher
    this.#until = until
    this.#records =
      records === 'sections' ? new SectionGatherer(maxBatchBytes) : new RecordReader(maxBatchBytes)
  }

  /** The next event is the last of this answer. */
  wasRead(response: FetchResponse): void {
    this.#read.push(response)
  }

  /**
   * An event of the next partition that has one, so that none is left behind; null where what it had held nothing to hand
   * over, undefined where none has any. What the last event points to is no longer valid.
   *
   * @throws KafkaIoError corrupt-batch, batch-too-large, codec-missing
   */
  next(): ReadEvent | null | undefined {
    for (const response of this.#read.splice(0)) this.#fetcher.wasRead(response)
    const { readers } = this.#fetcher
    const reader = this.#turns.take([...readers.values()])
    if (reader === undefined) return undefined
    try {
      const event = reader.next(this.#records)
      // Its topic was recreated without it: if the partition appears again, it is a new one.
      if (event?.kind === 'end' && this.#until === undefined) readers.delete(keyOfPartition(reader))
      return event
    } catch (error) {
      throw located(error, reader)
    } finally {
      this.#fetcher.onRoom()
    }
  }
}
