import type { Saved } from './saved.js'

/** A time as JSON can hold it, in ms; null: none yet (-Infinity), 'end': after all of them (Infinity). */
export type PlainTime = number | null | 'end'

/** A held frame. */
export type HeldRecord = readonly [
  ticket: number,
  time: number,
  group: string | number,
  offset: number,
  hash: readonly number[],
]

/** The far frames of a partition since the run last began, as far as they still matter. */
export interface FarRunRecord {
  /** number of its first frame among all far frames of the partition */
  readonly from: number
  /** number that the next far frame gets */
  readonly next: number
  /** its suffix minima, from the first to the last */
  readonly minima: readonly (readonly [number: number, time: number])[]
  /** the last three distinct keys of far frames: the number of the last frame of each, and the four words of its hash */
  readonly keys: readonly (readonly number[])[]
}

/** A partition: its guard and its watermark. Whether it was idle is not kept: it starts active. */
export interface PartitionRecord {
  readonly partition: number
  /** 'end': nothing more comes */
  readonly watermark: PlainTime
  /** the trusted time */
  readonly trusted: PlainTime
  /** hashes of its first distinct keys, at most three */
  readonly shown: readonly (readonly number[])[]
  /** in order of arrival, at most 1,024 */
  readonly held: readonly HeldRecord[]
  /** of the frame that is held next */
  readonly nextTicket: number
  /** held frames from this ticket on joined since the run was last contradicted */
  readonly uncontradicted: number
  /** far frames that the next new trusted time takes, from 4 to 64 */
  readonly need: number
  readonly run: FarRunRecord
}

/** What an engine keeps besides windows and rolling views, as plain data (JSON keeps it). */
export interface EngineHead {
  readonly format: 'card-windowing'
  readonly version: 1
  /** the settings that may not differ at a restore */
  readonly fingerprint: string
  /** 'end': after the flush */
  readonly watermark: PlainTime
  /** windows that end at or before this stay closed */
  readonly closedUntil: PlainTime
  /** rows by outcome */
  readonly counters: readonly number[]
  readonly partitions: readonly PartitionRecord[]
  /** how far each retention got */
  readonly expired: Readonly<Record<string, number>>
  /** mean length of each size, by its key */
  readonly sizes: Readonly<Record<string, number>>
}

/** Everything an engine needs to go on as if nothing had happened, as plain data (JSON keeps it when the states' does). */
export interface WindowingSnapshot extends EngineHead {
  readonly records: readonly Saved<unknown, string | number>[]
}

/** How group ids are named in a snapshot; without it ids are kept as they are. */
export interface GroupNames {
  /** of an id in use */
  name(id: number): string
  /** new or known */
  id(name: string): number
}

export function plainTime(t: number): PlainTime {
  if (t === Number.POSITIVE_INFINITY) return 'end'
  return t === Number.NEGATIVE_INFINITY ? null : t
}

/** The time that {@link plainTime} wrote. */
export function timeOf(plain: PlainTime): number {
  return plain === 'end' ? Number.POSITIVE_INFINITY : (plain ?? Number.NEGATIVE_INFINITY)
}
