/**
 * With the option `totals`: the group of the cell that takes every event of its window. The greatest id a group column
 * holds, so that no table of groups gives it away; snapshots keep it as this number.
 */
export const totalGroup = 0xffff_ffff
