import type { RecordsEvent } from '../batch/record-reader.js'
import type { SectionsEvent } from '../batch/record-section.js'
import type { KafkaIoError } from '../errors.js'
import type { GroupVerdict } from '../group/group-client.js'
import type { TopicPartition } from '../topic-partition.js'

/** Where a partition without a position of its own is read from: a rule, or the first record from a time (ms since the epoch) on. */
export type FromRule = 'earliest' | 'latest' | number

/** A partition that a source is taking up. */
export interface TakeOver {
  /** Of the topic that is read, 32 hexadecimal digits; a recreated topic has another. Null if the broker does not report ids. */
  readonly topicId: string | null
  /** The newest generation of the group in which the partition is this source's; it may rise meanwhile. Null without a group. */
  readonly generation: number | null
  /** Aborted when the group has taken the partition away again, or the source is closed: what comes of it is not used. */
  readonly signal: AbortSignal
  /**
   * `KafkaSource.heartbeat` in the newest generation: whether the partition is still this source's.
   *
   * @throws KafkaIoError as that does
   */
  heartbeat(): Promise<GroupVerdict>
}

/** What a `KafkaSource` reads, and how far ahead. */
export interface SourceOptions {
  /** Names, and regular expressions that whole names are searched with (internal topics never match). */
  topics: readonly (string | RegExp)[]
  /** Consumer group that shares the partitions out. Without it, all partitions are read (or `partitions`). */
  group?: string
  /** Reads only these partitions, by topic; not with `group`. */
  partitions?: Readonly<Record<string, readonly number[]>>
  from: FromRule
  /**
   * `end`: stop when every partition has reached the offset that was its end at the start; records behind it are not
   * handed over, and partitions added later are not read. With committed reading the end is that of Kafka's own
   * consumers: a transaction that is open then, and all that lies behind its first record, are not read.
   */
  until?: 'end'
  /** With `until`: topics that have no end, whose partitions are read until the source is closed. */
  endless?: readonly string[]
  /**
   * Called for each partition before it is read, and may take its time: to fence its last owner and restore what is known
   * of it. Resolves with the position to go on from; null or undefined: where this source left the partition when its
   * group took it away, else by the rule. The partitions of one assignment are asked for at once, each is read as soon as it
   * has its position, and those that the source holds already are read meanwhile. A rejection ends the source with that
   * error, unless its signal was aborted.
   */
  startAt?: (partition: TopicPartition, takeOver: TakeOver) => Promise<number | null | undefined>
  /** Also records of open and aborted transactions; default false. */
  readUncommitted?: boolean
  /**
   * `columns` (the default), the plain form: spans of each record's key and value. `sections`: the records of each batch
   * as they lie in the log, for a reader that walks them itself, as counter-worker's does.
   */
  records?: 'columns' | 'sections'
  /** Compare the checksum of every batch; default true. */
  verifyChecksums?: boolean
  /** New partitions and topics are noticed within this time; ms, default 30,000. */
  metadataInterval?: number
  /**
   * Of the group: a member silent for so long is out, and its partitions go to others; ms, default 10,000. The brokers
   * allow 6,000 to 1,800,000, unless `group.min.session.timeout.ms` or `group.max.session.timeout.ms` say otherwise.
   */
  sessionTimeout?: number
  /**
   * Static membership (KIP-345): a name of this member's own in the group, the same after a restart. A member that closes
   * stays in the group until its session ends, and gets its partitions back, in the same generation, if it returns before.
   */
  instanceId?: string
  /** Answers are waited for so long when there is nothing new; ms, default 500. */
  maxWait?: number
  /** Asked for of one partition in one fetch; bytes, default 1 MiB. A larger batch comes whole nevertheless. */
  fetchBytes?: number
  /** Fetched ahead of the reader in all; bytes, default 64 MiB. */
  bufferBytes?: number
  /** The most a batch may have when decompressed, else reading ends with `batch-too-large`; bytes, default 256 MiB. */
  maxBatchBytes?: number
}

/**
 * The source reads these partitions from now on (they may be new, or another member's before). None: the group has
 * more members than partitions.
 */
export interface AssignedEvent {
  kind: 'assigned'
  partitions: (TopicPartition & { position: number })[]
  /** Of the group, in which they are this source's; null without a group. */
  generation: number | null
}

/**
 * The group has reassigned its partitions. Comes once in each generation, before its `assigned` events and behind the
 * `revoked` one.
 */
export interface GenerationEvent {
  kind: 'generation'
  generation: number
  /** What the source had before and has kept: it has gone on reading these. */
  kept: TopicPartition[]
}

/** These partitions are another member's now; none of their records follow. */
export interface RevokedEvent {
  kind: 'revoked'
  partitions: TopicPartition[]
}

/** This partition has reached its end: the one asked for by `until`, or its topic was recreated without it. */
export interface EndEvent extends TopicPartition {
  kind: 'end'
  /** The offset behind its last record. */
  nextOffset: number
}

/**
 * Offsets that could not be read: `retention` had deleted them; the topic was `recreated`, and the new one is read from
 * its beginning; the brokers have lost the end of the log (`truncated`).
 */
export interface GapEvent extends TopicPartition {
  kind: 'gap'
  reason: 'retention' | 'recreated' | 'truncated'
  /** The position that no longer exists, and the one where reading continues. */
  from: number
  to: number
}

/**
 * A request failed and is tried again. Nothing is lost, but records may have been written meanwhile that this source could
 * not hear of: a partition without records is not a quiet one. Told again with each attempt that fails.
 */
export interface InterruptedEvent {
  kind: 'interrupted'
  /** Why, as it would be thrown if no attempt succeeded. */
  error: KafkaIoError
}

/** What a source tells, by `kind`. */
export type SourceEvent =
  | RecordsEvent
  | SectionsEvent
  | AssignedEvent
  | GenerationEvent
  | RevokedEvent
  | EndEvent
  | GapEvent
  | InterruptedEvent

/** Where a partition of a source stands. */
export interface PartitionStatus extends TopicPartition {
  /** Of the topic that is read, 32 hexadecimal digits; a recreated topic has another. Null if the broker does not report ids. */
  topicId: string | null
  /** Next offset to hand over. */
  position: number
  /** Offset that the partition's next record will get, as of the last response. */
  highWatermark: number
  /** Everything up to the high watermark was handed over. */
  caughtUp: boolean
  /** What comes next belongs to an open transaction or follows it: committed reading waits for its end. */
  waitsForTransaction: boolean
  /** Offsets not handed over yet. */
  lag: number
  /** Fetched and not handed over yet; bytes. */
  bufferedBytes: number
  /** By `pause`, until `resume`. */
  paused: boolean
  /** With `until: 'end'`: has reached its end. */
  ended: boolean
}
