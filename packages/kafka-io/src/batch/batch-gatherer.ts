import type { TopicPartition } from '../topic-partition.js'
import type { BatchHeader } from './batch-header.js'

/** What an event of records contains besides them. */
export interface RecordsPosition extends TopicPartition {
  /** Where reading continues after these records; a checkpoint holds this. */
  nextOffset: number
  /** Offset that the partition's next record will get, as of the last response. */
  highWatermark: number
}

/** Gathers the batches of one event, to be handed over together. */
export interface BatchGatherer<Event> {
  /** Records gathered since `clear()`. */
  readonly rows: number
  clear(): void
  /** Whether this batch can join those already there. @param bytes the buffer `header` was read from */
  joins(header: BatchHeader, bytes: Uint8Array): boolean
  /**
   * Appends the records of a batch from an offset on: a broker sends the whole batch that contains an offset.
   *
   * @param bytes the buffer `header` was read from
   * @throws `corrupt-batch`, `batch-too-large`, `codec-missing`
   */
  append(header: BatchHeader, bytes: Uint8Array, fromOffset: number): void
  /** Discards the records from this offset on. */
  cut(toOffset: number): void
  /** Hands over what was gathered; valid until `clear()`. */
  event(at: RecordsPosition): Event
}
