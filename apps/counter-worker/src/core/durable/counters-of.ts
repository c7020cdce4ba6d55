import type { QuietCounting } from '../quiet-partitions.js'
import type { OwnerTable } from './owner-table.js'

/** The counters of a worker, for what decides about idleness by the names of their owners. Their steps are taken elsewhere. */
export function countersOf(owners: OwnerTable): QuietCounting {
  return {
    addPartition() {},
    // A counter goes on as it was: idle until its next frame, or active.
    active() {},
    handOverInSteps: (name) => owners.counter(name!)?.counter.sendInSteps() ?? [],
    idle: (name) => owners.counter(name)?.counter.idle(),
    flushHeld: (name) => owners.counter(name)?.counter.flushHeld(),
    // Silence is for mergers to find, which hear of the partitions of all workers.
    announce: () => ({ more: false, next: Number.POSITIVE_INFINITY }),
    takeStep: () => ({ results: [], refused: [], warnings: [], more: false }),
  }
}
