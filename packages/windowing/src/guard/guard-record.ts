import { type GroupNames, type PartitionRecord, plainTime, timeOf } from '../snapshot/snapshot.js'
import { totalGroup } from '../store/total-group.js'
import type { Guard } from './guard.js'

/** The guard of a partition as plain data. */
export function saveGuard(
  guard: Guard,
  names: GroupNames | undefined,
): Omit<PartitionRecord, 'partition' | 'watermark'> {
  return {
    reference: plainTime(guard.reference),
    shown: guard.shown.map((key) => [...key]),
    held: guard.held.map(({ ticket, time, group, offset, hash, evidence }) => [
      ticket,
      time,
      nameOf(group, names),
      offset,
      [...hash],
      evidence,
    ]),
    nextTicket: guard.nextTicket,
    runFrom: guard.runFrom,
    quietFrom: guard.quietFrom,
  }
}

/** Brings a new guard to where a record was made. */
export function loadGuard(guard: Guard, record: PartitionRecord, names: GroupNames | undefined): void {
  const frames = record.held.map(([ticket, time, group, offset, hash, evidence]) => ({
    ticket,
    time,
    group: groupOf(group, names),
    offset,
    hash: hash as [number, number, number, number],
    evidence,
  }))
  guard.restore(frames, record.nextTicket, record.runFrom, record.quietFrom)
  guard.reference = timeOf(record.reference)
  for (const [w0, w1, w2, w3] of record.shown) guard.show(w0!, w1!, w2!, w3!)
}

/** The name of a group in a snapshot; that of the total is a number, which no name of a group is. */
export function nameOf(group: number, names: GroupNames | undefined): string | number {
  return names === undefined || group === totalGroup ? group : names.name(group)
}

/** The id of a group in a snapshot. */
export function groupOf(name: string | number, names: GroupNames | undefined): number {
  return names === undefined || name === totalGroup ? Number(name) : names.id(String(name))
}
