import type { GroupNames } from '@card/windowing'

/** The table of groups behind the ids of a batch: that of the frame reader. */
export interface Groups {
  /** The id of the group of this text, new or known. */
  id(text: string): number
  /** The id of the group of these bytes, new or known. */
  intern(bytes: Uint8Array, start: number, end: number): number
  /** Null for the null group. */
  text(id: number): string | null
  /** Empty for the null group. */
  bytes(id: number): Uint8Array
  /** How many groups are known, the null group not counted. */
  readonly size: number
  /** Orders ids by their groups' bytes, the null group first. */
  compare(a: number, b: number): number
  /** By id, the place of each known group in that order, that of the null group 0. Valid until the next new group. */
  ranks(): Uint32Array
}

/** The group of frames for which there was no place. */
export const overflowGroup = '__other__'

/** The id of the overflow group; 0: such frames are rejected. */
export function overflowId(groups: Groups, overflow: 'other' | 'reject'): number {
  return overflow === 'reject' ? 0 : groups.id(overflowGroup)
}

/** Names of groups in a snapshot, which keep bytes that are not UTF-8: `=` and a character for each byte; empty: no group. */
export function groupNames(groups: Groups): GroupNames {
  return {
    name(id) {
      if (id === 0) return ''
      let name = '='
      for (const byte of groups.bytes(id)) name += String.fromCharCode(byte)
      return name
    },
    id(name) {
      if (name === '') return 0
      const bytes = Uint8Array.from(name.slice(1), (char) => char.charCodeAt(0))
      return groups.intern(bytes, 0, bytes.length)
    },
  }
}
