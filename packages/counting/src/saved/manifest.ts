import type { MergerHead } from '../merge/merge-step.js'
import type { CounterHead } from './counter-head.js'
import type { Slot } from './slots.js'

/** What a step records besides the state. */
export interface ManifestFields {
  readonly group: string
  /** Settings that must never change: a JSON object of plain values. */
  readonly configuration: string
  /** Raised by every change of settings. A worker with an older one stands down. */
  readonly configEpoch: number
  /** Partition count of each state topic when the state began. */
  readonly topics: { readonly checkpoint: number; readonly partials: number }
  /** What is counted; null for a merger. */
  readonly input: ManifestInput | null
  /** First revision of each window: above everything published before the state was reset. */
  readonly revisionBase: number
  readonly sums: InputSums
}

/** The input partition of a counter. */
export interface ManifestInput {
  /** 32 hexadecimal digits; null: the brokers name no topic ids. */
  readonly topicId: string | null
  /** Raised when the topic is recreated. */
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
  /** Lines that the scanner left to the slow path. */
  readonly fallbacks: number
}

/** What a counter or a merger keeps besides its windows. */
export type SavedHead = CounterHead | MergerHead

/** A block, as named by a manifest. */
export interface NamedBlock {
  /** The window, step or view it belongs to. */
  readonly place: string
  /** Whether it is a part of a large state, which is read after all records. */
  readonly isPart: boolean
  readonly slots: readonly Slot[]
  /** What its bytes end with. */
  readonly seal: number
}

/** Names everything that makes up the state after a step: the manifest and the blocks it names are the state. */
export interface Manifest extends ManifestFields {
  /** As `ownerName` has it. */
  readonly owner: string
  /** Counts up from 1. */
  readonly step: number
  /** Where the input, or the log of partials, is read on. */
  readonly nextOffset: number
  readonly body: ManifestBody
}

/** The head and the names of the blocks: in the manifest itself, or in slots if they are large. */
export type ManifestBody =
  | { readonly where: 'here'; readonly bytes: Uint8Array }
  | { readonly where: 'slots'; readonly slots: readonly Slot[] }
