import type { WantedLines } from '../count/refused-rows.js'
import type { Groups } from '../groups.js'
import type { CountingOptions } from '../options.js'
import type { Counting } from './counting.js'
import { OnePartition } from './one-partition.js'
import { TwoStages } from './two-stages.js'

/**
 * Counting in one process.
 *
 * @param groups the table behind the ids of batches
 * @param partitions `fixed`: there will be no others. A single one that is fixed is counted in one stage: its windows are
 *   the merger's, so that no state is held twice or copied
 * @throws WindowingError bad-option
 */
export function createCounting(
  options: CountingOptions,
  groups: Groups,
  wanted: WantedLines,
  partitions: { readonly names: readonly string[]; readonly fixed: boolean },
): Counting {
  const { names, fixed } = partitions
  if (fixed && names.length === 1) return new OnePartition(options, groups, wanted, names[0]!)
  return new TwoStages(options, groups, wanted, names)
}
