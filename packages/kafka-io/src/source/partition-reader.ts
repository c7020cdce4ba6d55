import { AbortedFilter } from '../batch/aborted-filter.js'
import type { BatchGatherer } from '../batch/batch-gatherer.js'
import { readBatchHeader, verifyChecksum } from '../batch/batch-header.js'
import type { FetchedPartition, FetchResponse } from '../batch/fetch-response.js'
import type { TopicPartition } from '../topic-partition.js'
import type { EndEvent, GapEvent, PartitionStatus } from './types.js'

/** Rows of small batches are handed over together up to about this number. */
const targetRows = 4096

/** Record batches of one answer, waiting to be read; or a gap that was met behind the ones before. */
interface Chunk {
  response: FetchResponse
  at: number
  end: number
  filter: AbortedFilter | null
}

/** Where a reader begins and ends. */
export interface ReaderBounds {
  position: number
  /** Offset to stop before, null to go on for ever. */
  end: number | null
  /** Null where the broker tells none. */
  topicId: string | null
}

export interface PartitionReaderOptions {
  readCommitted: boolean
  verify: boolean
  /** What was handed over last is the last of this answer that the reader wanted. */
  onRead?(response: FetchResponse): void
}

/**
 * One partition: what has been fetched of it and not handed over, and its positions. Fetching runs ahead:
 * `fetchPosition` is the next offset to ask for, `position` the next one to hand over.
 */
export class PartitionReader implements TopicPartition {
  readonly topic: string
  readonly partition: number
  position: number
  fetchPosition: number
  highWatermark = -1
  end: number | null
  /** Of the topic that is read: a later one of the same name has another. */
  topicId: string | null
  ended = false
  paused = false
  bufferedBytes = 0
  /** Since when its fetches fail; null while they do not. */
  failingSince: number | null = null
  /** The brokers have said that its topic does not exist. */
  wasUnknown = false
  readonly #options: PartitionReaderOptions
  readonly #chunks: (Chunk | GapEvent)[] = []
  #readableEnd = Number.POSITIVE_INFINITY

  constructor(at: TopicPartition, { position, end, topicId }: ReaderBounds, options: PartitionReaderOptions) {
    this.topic = at.topic
    this.partition = at.partition
    this.position = position
    this.fetchPosition = position
    this.end = end
    this.topicId = topicId
    this.#options = options
  }

  /** Has an event to hand over. */
  get ready(): boolean {
    return !this.paused && (this.#chunks.length > 0 || this.#reachedEnd)
  }

  /** Everything up to the end is fetched. */
  get fetched(): boolean {
    return this.end !== null && this.fetchPosition >= this.end
  }

  get status(): PartitionStatus {
    const { topic, partition, topicId, position, highWatermark, bufferedBytes, paused, ended } = this
    const known = this.#chunks.length === 0 && highWatermark >= 0
    const caughtUp = known && position >= highWatermark
    const waitsForTransaction = known && !caughtUp && position >= this.#readableEnd
    const lag = Math.max(0, highWatermark - position)
    const read = { position, highWatermark, lag, caughtUp, waitsForTransaction, ended }
    return { topic, partition, topicId, ...read, bufferedBytes, paused }
  }

  /** Its topic was recreated, and the event for this has not been handed over yet. */
  get recreated(): boolean {
    return this.#chunks.some((chunk) => 'kind' in chunk && chunk.reason === 'recreated')
  }

  get #reachedEnd(): boolean {
    return this.end !== null && !this.ended && this.#chunks.length === 0 && this.position >= this.end
  }

  /** Takes the answer to a fetch from `fetchPosition`. */
  take(fetched: FetchedPartition, response: FetchResponse): void {
    const { readCommitted } = this.#options
    this.failingSince = null
    // Without ids: a topic that was gone and comes back shorter.
    const madeAnew = this.topicId === null && this.wasUnknown && fetched.highWatermark < this.highWatermark
    this.wasUnknown = false
    if (madeAnew) {
      this.jump('recreated', fetched.logStartOffset)
      return
    }
    this.highWatermark = fetched.highWatermark
    this.#readableEnd = readCommitted
      ? Math.min(fetched.lastStableOffset, fetched.highWatermark)
      : fetched.highWatermark
    const end = this.#advance(fetched, response)
    if (end === fetched.start) return
    const filter = readCommitted ? new AbortedFilter(fetched.aborted) : null
    response.readers++
    this.#chunks.push({ response, at: fetched.start, end, filter })
    this.bufferedBytes += end - fetched.start
  }

  /** The position no longer exists: reading continues elsewhere, and an event says so. */
  jump(reason: GapEvent['reason'], to: number): void {
    const { topic, partition, fetchPosition } = this
    this.#chunks.push({ kind: 'gap', topic, partition, reason, from: fetchPosition, to })
    this.fetchPosition = to
    this.highWatermark = -1
    this.wasUnknown = false
  }

  /** Nothing comes behind what was fetched. */
  endHere(): void {
    this.end = this.fetchPosition
  }

  /**
   * The next event, null when what was fetched held nothing to hand over.
   *
   * @param records is cleared and filled
   * @throws `corrupt-batch`, `batch-too-large`, `codec-missing`
   */
  next<Event>(records: BatchGatherer<Event>): Event | GapEvent | EndEvent | null {
    const { topic, partition } = this
    const chunk = this.#chunks[0]
    if (chunk === undefined) {
      if (!this.#reachedEnd) return null
      this.ended = true
      return { kind: 'end', topic, partition, nextOffset: this.position }
    }
    if ('kind' in chunk) {
      this.#chunks.shift()
      this.position = chunk.to
      return chunk
    }
    records.clear()
    this.#read(chunk, records)
    if (records.rows === 0) return null
    const { position: nextOffset, highWatermark } = this
    return records.event({ topic, partition, nextOffset, highWatermark })
  }

  // A fetch goes on behind the last whole batch. Batches name their last offset even where compaction has
  // taken all their records, so an empty one never holds the reader up.
  #advance({ start, end }: FetchedPartition, { view }: FetchResponse): number {
    let at = start
    for (;;) {
      const header = readBatchHeader(view, at, end)
      if (header === null) return at
      if (header.lastOffset >= this.fetchPosition) this.fetchPosition = header.lastOffset + 1
      at = header.end
    }
  }

  #read(chunk: Chunk, records: BatchGatherer<unknown>): void {
    const { bytes, view } = chunk.response
    while (chunk.at < chunk.end && records.rows < targetRows) {
      const header = readBatchHeader(view, chunk.at, chunk.end)!
      if (header.lastOffset >= this.position && !this.#isBehindEnd(header.baseOffset)) {
        if (!records.joins(header, bytes)) return
        if (this.#options.verify) verifyChecksum(header, bytes, view)
        const skips = chunk.filter === null ? header.control : chunk.filter.skips(header, bytes)
        if (!skips) records.append(header, bytes, this.position)
        this.position = header.lastOffset + 1
      }
      this.bufferedBytes -= header.end - chunk.at
      chunk.at = header.end
    }
    if (chunk.at === chunk.end) {
      this.#chunks.shift()
      this.#options.onRead?.(chunk.response)
    }
    this.#cutBehindEnd(records)
  }

  #isBehindEnd(offset: number): boolean {
    return this.end !== null && offset >= this.end
  }

  // What was written while we read may share a batch or an answer with the last record before the end.
  #cutBehindEnd(records: BatchGatherer<unknown>): void {
    if (this.end === null || this.position < this.end) return
    records.cut(this.end)
    this.position = this.end
  }
}
