import type { MergerHead } from '../merge/merge-step.js'
import type { CounterHead } from './counter-head.js'
import type { Slot } from './slots.js'

/** What an owner's step says besides its state. */
export interface ManifestFields {
  readonly group: string
  /** Settings that no later step may change: JSON of an object of plain values. */
  readonly configuration: string
  /** Grows with every change of settings: a worker with an older one stands down. */
  readonly configEpoch: number
  /** The number of partitions that each state topic was made with. */
  readonly topics: { readonly checkpoint: number; readonly partials: number }
  /** What is counted; null for a merger. */
  readonly input: ManifestInput | null
  /** The revision that windows begin with: above all that was published before the state was reset. */
  readonly revisionBase: number
  readonly sums: InputSums
}

/** An input partition as it is counted. */
export interface ManifestInput {
  /** 32 hexadecimal digits; null: the brokers name no topic ids. */
  readonly topicId: string | null
  /** Greater for a topic that was made anew. */
  readonly incarnation: number
  /** Where counting began, and by which rule: `earliest`, `latest` or a time. */
  readonly firstOffset: number
  readonly from: string
}

/** What was read of the input, since the beginning. */
export interface InputSums {
  readonly lines: number
  readonly bytes: number
  readonly blank: number
  /** Lines that were read the slow way. */
  readonly fallbacks: number
}

/** What a counter or a merger keeps besides its windows. */
export type SavedHead = CounterHead | MergerHead

/** A block as a manifest names it. */
export interface NamedBlock {
  /** The window, step or view it belongs to. */
  readonly place: string
  /** Whether it is a part of a large state, which is read after all records. */
  readonly isPart: boolean
  readonly slots: readonly Slot[]
  /** What its bytes end with. */
  readonly seal: number
}

/** Names everything that a state consists of after a step: whoever has it, and the blocks it names, has the state. */
export interface Manifest extends ManifestFields {
  /** As `ownerName` has it. */
  readonly owner: string
  /** Counts up from 1. */
  readonly step: number
  /** Where the input, or the log of partials, is read on. */
  readonly nextOffset: number
  readonly body: ManifestBody
}

/** Where the head and the names of the blocks are: in the manifest, or in slots where they are large. */
export type ManifestBody =
  | { readonly where: 'here'; readonly bytes: Uint8Array }
  | { readonly where: 'slots'; readonly slots: readonly Slot[] }
