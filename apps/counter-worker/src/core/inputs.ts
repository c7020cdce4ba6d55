import type { FrameBatch } from '@card/counting'

/** Where a partition of the source stands. */
export interface PartitionState {
  readonly partition: string
  /** The next offset to be read. */
  readonly position: number
  /** Everything up to the high watermark, as last heard, was read. */
  readonly caughtUp: boolean
  readonly paused: boolean
  /** What comes next belongs to an open transaction, or lies behind it. */
  readonly waitsForTransaction: boolean
  /** The end that was asked for is reached. */
  readonly ended: boolean
}

/** The group has shared its partitions out anew; what that changes follows. */
interface GenerationInput {
  readonly kind: 'generation'
  readonly generation: number
}

/** The partitions in this list are read by this worker from now on. */
export interface AssignedInput {
  readonly kind: 'assigned'
  /** In which the group gave them; null: without a group. */
  readonly generation: number | null
  readonly partitions: readonly { readonly partition: string; readonly position: number }[]
}

/** The partitions in this list are another worker's now. */
interface RevokedInput {
  readonly kind: 'revoked'
  readonly partitions: readonly string[]
}

/** Records of a partition have come. Their rows, if they have any, follow. */
interface ReceivedInput {
  readonly kind: 'received'
  readonly partition: string
}

/** Rows of a partition. The batch has to stay as it is until the core does not ask to be continued. */
export interface RowsInput {
  readonly kind: 'rows'
  readonly partition: string
  readonly batch: FrameBatch
  /** Batches to come hold group ids that were looked up already, so none may be freed now. */
  readonly areGroupIdsInUse: boolean
}

/** Nothing more comes from a partition: it has been read to the end asked for, or is gone with its topic. */
export interface PartitionEndedInput {
  readonly kind: 'partition-ended'
  readonly partition: string
  /** The offset after its last record. */
  readonly nextOffset: number
  /** The end lies before an open transaction. */
  readonly waitsForTransaction: boolean
}

/** Offsets that could not be read. */
export interface GapInput {
  readonly kind: 'gap'
  readonly partition: string
  readonly reason: 'retention' | 'recreated' | 'truncated'
  readonly from: number
  readonly to: number
}

/** A request to the brokers failed and is tried again: for a while nothing could be heard. */
interface RequestFailedInput {
  readonly kind: 'request-failed'
  readonly reason: string
}

/** The answer to an `ask-ends` effect. */
export interface EndsInput {
  readonly kind: 'ends'
  /** That of the question. */
  readonly id: number
  /** How long the answer took; ms. */
  readonly elapsed: number
  /** High watermarks by partition, of those that a broker answered for. */
  readonly ends: ReadonlyMap<string, number>
}

/** Time has passed. To be given every `tickPeriod` ms, whatever else is. */
export interface TickInput {
  readonly kind: 'tick'
  readonly partitions: readonly PartitionState[]
}

/** Goes on with what the last effects left undone. */
interface ContinueInput {
  readonly kind: 'continue'
}

/** Everything has been read: what is open is published. Nothing but `continue` may follow. */
interface EndOfInput {
  readonly kind: 'end-of-input'
}

/** Reading has ended early: held frames are judged, but what is open is not published. Nothing but `continue` may follow. */
interface StopInput {
  readonly kind: 'stop'
}

/** What a worker core is told, one after the other. Partitions are named `topic/number`; `-` is that of files. */
export type CoreInput =
  | GenerationInput
  | AssignedInput
  | RevokedInput
  | ReceivedInput
  | RowsInput
  | PartitionEndedInput
  | GapInput
  | RequestFailedInput
  | EndsInput
  | TickInput
  | ContinueInput
  | EndOfInput
  | StopInput
