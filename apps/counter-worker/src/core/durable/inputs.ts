import type {
  CounterHead,
  FrameBatch,
  InputSums,
  MergerHead,
  ReadPartials,
  ReadProgress,
  StateImage,
} from '@card/counting'
import type { GapInput, PartitionState } from '../inputs.js'
import type { Failure, HeartbeatOutcome } from './owner-life.js'

/** The group has given an owner to this worker, or back to it: nothing of it is read before its `start`. */
interface TakeOverInput {
  readonly kind: 'take-over'
  readonly owner: string
  readonly generation: number
}

/** The group has formed a new generation, in which these owners stay with this worker. */
interface KeptInput {
  readonly kind: 'kept'
  readonly owners: readonly string[]
  readonly generation: number
}

/** Owners that the group has taken away. */
interface OwnersRevokedInput {
  readonly kind: 'revoked'
  readonly owners: readonly string[]
}

/** The answer to the effect of the same name. */
interface HeartbeatInput {
  readonly kind: 'heartbeat'
  readonly owner: string
  readonly term: number
  readonly outcome: HeartbeatOutcome
}

/** The answer to `fence`. */
interface FencingInput {
  readonly kind: 'fencing'
  readonly owner: string
  readonly term: number
  readonly outcome: 'done' | Failure
}

/** The answer to `step`. */
interface SteppedInput {
  readonly kind: 'step'
  readonly owner: string
  readonly term: number
  readonly outcome: 'done' | Failure
  /** Most of what is saved is replaced, so the next step is better whole. */
  readonly isFragmented: boolean
}

/** Where an owner without a state begins. */
export interface Birth {
  readonly kind: 'born'
  readonly position: number
  readonly incarnation: number
}

/** The state of a partition counter that was read back. */
interface RestoredCounter {
  readonly kind: 'counter'
  readonly head: CounterHead
  readonly image: StateImage
  readonly input: InputSums
  readonly incarnation: number
  /** False: it was saved by another run, and the first step saves all of it. */
  readonly isOwn: boolean
}

/** The state of a merger that was read back. */
interface RestoredMerger {
  readonly kind: 'merger'
  readonly head: MergerHead
  readonly image: StateImage
  /** False: it was saved by another run, and the first step saves all of it. */
  readonly isOwn: boolean
}

export type Restored = RestoredCounter | RestoredMerger

/** The answer to `restore`. */
export interface RestoringInput {
  readonly kind: 'restoring'
  readonly owner: string
  readonly term: number
  readonly outcome: Birth | Restored | Failure
}

/** Records of a partition have come. Their rows, if they have any, follow. */
interface RecordsInput {
  readonly kind: 'received'
  readonly owner: string
}

/** Rows of an input partition. The columns may be used again afterwards. */
export interface OwnedRowsInput {
  readonly kind: 'rows'
  readonly owner: string
  readonly batch: FrameBatch
  /** Batches to come hold group ids that were looked up already, so none may be freed now. */
  readonly areGroupIdsInUse: boolean
}

/** All rows of the records that were received have been counted: a step may be taken here. */
export interface CountedInput {
  readonly kind: 'counted'
  readonly owner: string
  /** The offset after the records. */
  readonly next: number
  /** What the records add. */
  readonly input: InputSums
}

/** Records of a partition of the partials log, in order. */
export interface PartialsInput {
  readonly kind: 'partials'
  readonly owner: string
  readonly entries: Iterable<ReadPartials | ReadProgress>
  /** The offset after them. */
  readonly next: number
}

/** An input partition has been read to the end that was asked for, or is gone with its topic. */
interface OwnerEndedInput {
  readonly kind: 'partition-ended'
  readonly owner: string
}

/** The input partitions that exist, of all workers; with `ends`, where each is to be read to. */
interface KnownPartitionsInput {
  readonly kind: 'known'
  readonly partitions: readonly string[]
  /** By partition; null: they are read without an end. */
  readonly ends: ReadonlyMap<string, number> | null
}

/** How far the partitions of other workers are, as their hints say: ms of the least watermark of those not idle, or null. */
interface HintsInput {
  readonly kind: 'hints'
  readonly leastWatermark: number | null
}

/** The answer to `ask-ends`, as in a run without state. */
interface OwnerEndsInput {
  readonly kind: 'ends'
  readonly id: number
  /** ms */
  readonly elapsed: number
  /** High watermarks by owner. */
  readonly ends: ReadonlyMap<string, number>
}

/** Time has passed; where the partitions of this worker stand, by the names of their owners. */
export interface OwnersTickInput {
  readonly kind: 'tick'
  readonly partitions: readonly PartitionState[]
}

/** What a durable core is told, one after the other. */
export type DurableInput =
  | TakeOverInput
  | KeptInput
  | OwnersRevokedInput
  | HeartbeatInput
  | FencingInput
  | SteppedInput
  | RestoringInput
  | RecordsInput
  | OwnedRowsInput
  | CountedInput
  | PartialsInput
  | OwnerEndedInput
  | KnownPartitionsInput
  | HintsInput
  | OwnerEndsInput
  | OwnersTickInput
  | GapInput
  | { readonly kind: 'request-failed'; readonly reason: string }
  | { readonly kind: 'continue' }
  | { readonly kind: 'stop' }
