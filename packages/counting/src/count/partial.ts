import type { WindowState } from '../state/window-state.js'

/** An input partition. A recreated topic has a new incarnation of each, whose offsets start again. */
export interface Origin {
  /** as `topic/number` */
  readonly partition: string
  /** greater for a later one */
  readonly incarnation: number
}

/** What a partition has counted in one base window for one group: the state may lack what was sent before. */
export interface Partial {
  /** First ms of the base window. */
  readonly start: number
  /** Id in the table of groups. */
  readonly group: number
  /** So far. */
  readonly events: number
  /** Since it was last sent. */
  readonly added: number
  readonly state: PartialState
}

/**
 * `live`: the counter's own, valid until its next call; `owned`: the counter has given it up. `bytes`: canonical, or only
 * the fingerprints that were not sent before.
 */
export type PartialState =
  | { readonly form: 'live'; readonly state: WindowState; readonly owned: boolean }
  | { readonly form: 'bytes'; readonly bytes: Uint8Array | null }

/** How far a partition has been counted. It follows the partials it covers. */
export interface Progress extends Origin {
  /** The offset after the last one counted. */
  readonly upTo: number
  /** ms: no frame at or before it is expected; -Infinity: none yet. */
  readonly watermark: number
  /** Idle: caught up and quiet, it holds nothing back. */
  readonly status: 'active' | 'idle'
}
