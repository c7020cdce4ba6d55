import type { HintEffect, PurgeEffect } from './effects.js'
import type { MergeOwner } from './merge-owner.js'
import type { OwnerTable } from './owner-table.js'

/** Has the partials deleted that mergers have committed since the last time. */
export function* purge(mergers: readonly MergeOwner[]): Generator<PurgeEffect, void, undefined> {
  const offsets = mergers
    .filter(({ committed, purged }) => committed > purged)
    .map((owner) => ({ owner: owner.name, position: owner.purge() }))
  if (offsets.length > 0) yield { kind: 'purge', offsets }
}

/** Tells the group how far the owners of this worker are. */
export function* hint({ mergers, counters }: OwnerTable): Generator<HintEffect, void, undefined> {
  const offsets: HintEffect['offsets'][number][] = []
  for (const { name: owner, position } of mergers) {
    offsets.push({ owner, position, watermark: null, idle: false })
  }
  for (const { name: owner, position, counter } of counters) {
    const { watermark, status } = counter.progress
    const known = Number.isFinite(watermark) ? watermark : null
    offsets.push({ owner, position, watermark: known, idle: status === 'idle' })
  }
  if (offsets.length > 0) yield { kind: 'hint', offsets }
}
