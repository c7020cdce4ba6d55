import type { Origin, Partial } from '../count/partial.js'
import type { Groups } from '../groups.js'
import { mergePartition } from './merge-partition.js'
import { PartialsRecord } from './partials-format.js'

/** A record for the log of one merger. */
export interface WireRecord {
  /** The merge partition. */
  readonly partition: number
  readonly value: Uint8Array
}

/** How partials are written. */
export interface PartialsOptions {
  /** How many mergers there are. */
  readonly partitions: number
  /** Bytes of a record; one partial alone may pass it. Default 512 KiB. */
  readonly limit?: number
}

/**
 * Writes the partials of a step, in their order for each merger, base window and group.
 *
 * @param upTo the offset after the last frame in them
 * @param groups the table behind the ids
 */
export function* writePartials(
  origin: Origin,
  upTo: number,
  partials: Iterable<Partial>,
  groups: Groups,
  { partitions, limit = 512 * 1024 }: PartialsOptions,
): Generator<WireRecord, void, undefined> {
  const open = new Map<string, { readonly partition: number; record: PartialsRecord }>()
  for (const partial of partials) {
    const { start, group } = partial
    const bytes = bytesOf(partial)
    const partition = mergePartition(group, groups, partitions)
    const key = `${partition} ${start}`
    let to = open.get(key)
    if (to === undefined) {
      to = { partition, record: new PartialsRecord(origin, upTo, start) }
      open.set(key, to)
    } else if (to.record.isFullFor(bytes?.length ?? 0, limit)) {
      yield { partition, value: to.record.close() }
      to.record = new PartialsRecord(origin, upTo, start)
    }
    to.record.add(partial, bytes, groups)
  }
  for (const { partition, record } of open.values()) yield { partition, value: record.close() }
}

function bytesOf({ state }: Partial): Uint8Array | null {
  if (state.form === 'bytes') return state.bytes
  return state.state?.toCanonicalBytes() ?? null
}
