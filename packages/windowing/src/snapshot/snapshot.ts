import { WindowingError } from '../errors.js'

/** A window and group: what it holds and what came out of it. */
export interface CellRecord {
  /** place among the groups of its window, by arrival */
  readonly order: number
  /** first ms after the window */
  readonly end: number
  readonly events: number
  /** events at its last pane */
  readonly shown: number
  /** of its next pane, from 0 */
  readonly revision: number
  /** its final pane has come out */
  readonly fired: boolean
  /** coarser cells that hold it: size, start, and the events they have of it */
  readonly links: readonly (readonly [size: string, start: number, events: number])[]
  /** as `Aggregate.save` gave it; absent: nothing was merged into it yet */
  readonly state?: unknown
}

/** A step of a rolling view (`events`, `state`) or the next revision of one. */
export interface RollingRecord {
  readonly events?: number
  readonly state?: unknown
  readonly revision?: number
}

/** A held frame: ticket, time, group name, offset, hash words, whether it is evidence. */
export type HeldRecord = readonly [number, number, string | number, number, readonly number[], boolean]

/** A partition: its guard and its watermark. Whether it was idle is not kept: it starts active. */
export interface PartitionRecord {
  readonly partition: number
  /** ms; null: none yet */
  readonly watermark: number | null
  /** the trusted time in ms; null: none yet */
  readonly reference: number | null
  /** hashes of the distinct keys it has shown, at most three */
  readonly shown: readonly (readonly number[])[]
  /** in order of arrival, at most 1,024 */
  readonly held: readonly HeldRecord[]
  /** of the frame that is held next */
  readonly nextTicket: number
  /** frames from this ticket on were held since the last one accepted on arrival */
  readonly runFrom: number
  /** no frame that arrived after those from this ticket on was processed */
  readonly quietFrom: number
}

/** Everything an engine needs to go on as if nothing had happened, as plain data (JSON keeps it when the states' does). */
export interface WindowingSnapshot {
  readonly format: 'card-windowing'
  readonly version: 1
  /** the settings that may not differ at a restore */
  readonly fingerprint: string
  /** false: whole; true: `cells` and `rolling` hold only what changed since the snapshot before, null for what is gone */
  readonly changesOnly: boolean
  /** null: none yet; 'end': after the flush */
  readonly watermark: number | null | 'end'
  /** windows that end at or before this are closed for good; null: none */
  readonly closedUntil: number | null
  /** rows by outcome */
  readonly counters: readonly number[]
  readonly partitions: readonly PartitionRecord[]
  /** how far each retention got */
  readonly expired: Readonly<Record<string, number>>
  /** mean length of each size, by its key */
  readonly sizes: Readonly<Record<string, number>>
  /** by JSON of [size, start, group] */
  readonly cells: Readonly<Record<string, CellRecord | null>>
  /** by JSON of [view, 'step' | 'view', start or end, group]; a view is named by its name and step */
  readonly rolling: Readonly<Record<string, RollingRecord | null>>
}

/** How group ids are named in a snapshot; without it ids are kept as they are. */
export interface GroupNames {
  /** of an id in use */
  name(id: number): string
  /** new or known */
  id(name: string): number
}

/**
 * The whole snapshot that changes make of the one before.
 *
 * @throws WindowingError bad-snapshot: the first is not whole, or they are of different settings
 */
export function applyChanges(whole: WindowingSnapshot, changes: WindowingSnapshot): WindowingSnapshot {
  if (whole.changesOnly || whole.fingerprint !== changes.fingerprint) {
    throw new WindowingError(
      'bad-snapshot',
      `Expected a whole snapshot of the settings ${changes.fingerprint}, found ${whole.changesOnly ? 'changes only' : whole.fingerprint}; begin with a whole one.`,
    )
  }
  if (!changes.changesOnly) return changes
  const cells = present({ ...whole.cells, ...changes.cells })
  return { ...changes, changesOnly: false, cells, rolling: present({ ...whole.rolling, ...changes.rolling }) }
}

function present<T>(records: Record<string, T | null>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(records).filter((entry): entry is [string, T] => entry[1] !== null),
  )
}

/** A time as JSON can hold it: null for -Infinity. */
export function plainTime(t: number): number | null {
  return t === Number.NEGATIVE_INFINITY ? null : t
}

/** The time that {@link plainTime} wrote. */
export function timeOf(plain: number | null): number {
  return plain ?? Number.NEGATIVE_INFINITY
}
