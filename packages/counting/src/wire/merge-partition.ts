import { totalGroup } from '@card/windowing'
import type { Groups } from '../groups.js'
import { murmur2 } from './murmur2.js'

/** The merge partition of the null group, and of the total of all groups. */
const ungrouped = 0

/**
 * The merger that a group belongs to, by the hash of its bytes: all windows of a group meet in one.
 *
 * @param partitions how many there are
 */
export function mergePartition(group: number, groups: Groups, partitions: number): number {
  if (group === 0 || group === totalGroup) return ungrouped
  return murmur2(groups.bytes(group)) % partitions
}
