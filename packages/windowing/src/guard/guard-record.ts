import { type GroupNames, type PartitionRecord, plainTime, timeOf } from '../snapshot/snapshot.js'
import { totalGroup } from '../store/total-group.js'
import type { Guard } from './guard.js'

/** The guard of a partition as plain data. */
export function saveGuard(
  guard: Guard,
  names: GroupNames | undefined,
): Omit<PartitionRecord, 'partition' | 'watermark'> {
  return {
    trusted: plainTime(guard.trusted),
    shown: guard.shown.save(),
    held: Array.from(guard.held.frames(), ({ ticket, time, group, offset, hash }) => [
      ticket,
      time,
      nameOf(group, names),
      offset,
      [...hash],
    ]),
    nextTicket: guard.nextTicket,
    uncontradicted: guard.uncontradicted,
    need: guard.need,
    run: guard.run.save(),
  }
}

/** Restores a record into a new guard. */
export function loadGuard(guard: Guard, record: PartitionRecord, names: GroupNames | undefined): void {
  const frames = record.held.map(([ticket, time, group, offset, hash]) => ({
    ticket,
    time,
    group: groupOf(group, names),
    offset,
    hash: hash as [number, number, number, number],
  }))
  guard.trusted = timeOf(record.trusted)
  guard.held.reset(frames)
  guard.nextTicket = record.nextTicket
  guard.uncontradicted = record.uncontradicted
  guard.need = record.need
  guard.run.load(record.run)
  for (const [w0, w1, w2, w3] of record.shown) guard.shown.show(w0!, w1!, w2!, w3!)
}

/** The name of a group in a snapshot; that of the total is a number, which no name of a group is. */
export function nameOf(group: number, names: GroupNames | undefined): string | number {
  return names === undefined || group === totalGroup ? group : names.name(group)
}

/** The id of a group in a snapshot. */
export function groupOf(name: string | number, names: GroupNames | undefined): number {
  return names === undefined || name === totalGroup ? Number(name) : names.id(String(name))
}
