import { totalGroup } from '@card/windowing'
import type { Groups } from '../groups.js'
import type { ByteReader, ByteWriter } from './bytes.js'

// Length of the group's bytes and two: 0 is the null group, 1 the total.
const named = 2

/** Groups are written as their bytes: ids are one process's own. */
export function writeGroup(writer: ByteWriter, group: number, groups: Groups): void {
  if (group === 0) writer.varint(0)
  else if (group === totalGroup) writer.varint(1)
  else {
    const bytes = groups.bytes(group)
    writer.varint(bytes.length + named)
    writer.raw(bytes)
  }
}

export function readGroup(reader: ByteReader, groups: Groups): number {
  const kind = reader.varint()
  if (kind === 0) return 0
  if (kind === 1) return totalGroup
  const bytes = reader.raw(kind - named)
  return groups.intern(bytes, 0, bytes.length)
}
