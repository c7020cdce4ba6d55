import type { EngineCore } from '../engine/core.js'
import { WindowingError } from '../errors.js'
import { loadGuard, saveGuard } from '../guard/guard-record.js'
import { meanLength, sizeKey } from '../time/size.js'
import { type GroupNames, plainTime, timeOf, type WindowingSnapshot } from './snapshot.js'

const always = Number.POSITIVE_INFINITY

/** The state of an engine as plain data. */
export function saveEngine<S>(
  core: EngineCore<S>,
  changesOnly: boolean,
  groups: GroupNames | undefined,
): WindowingSnapshot {
  const watermark = core.watermarks.combined
  return {
    format: 'card-windowing',
    version: 1,
    fingerprint: core.fingerprint,
    changesOnly,
    watermark: watermark === always ? 'end' : plainTime(watermark),
    closedUntil: plainTime(Math.max(core.closedUntil, watermark - core.options.allowedLateness)),
    counters: [...core.tally],
    partitions: [...core.partitions.values()].map(({ mark, guard }) => ({
      partition: mark.partition,
      watermark: mark.watermark === always ? null : plainTime(mark.watermark),
      ...saveGuard(guard, groups),
    })),
    expired: Object.fromEntries(core.expired),
    sizes: Object.fromEntries(core.plan.map(({ size }) => [sizeKey(size), meanLength(size)])),
    cells: core.store.open.save(groups, changesOnly),
    rolling: core.store.saveViews(groups, changesOnly),
  }
}

/**
 * Brings a new engine to where a snapshot was made.
 *
 * @throws WindowingError bad-snapshot; settings-differ
 */
export function loadEngine<S>(
  core: EngineCore<S>,
  snapshot: WindowingSnapshot,
  groups: GroupNames | undefined,
): void {
  const fault = faultOf(core, snapshot)
  if (fault !== undefined) throw new WindowingError('bad-snapshot', fault)
  if (snapshot.fingerprint !== core.fingerprint) {
    throw new WindowingError(
      'settings-differ',
      `Expected a snapshot of the settings ${core.fingerprint}, found ${snapshot.fingerprint}; restore with those settings or start anew.`,
    )
  }
  const watermark = snapshot.watermark === 'end' ? always : timeOf(snapshot.watermark)
  core.watermarks.raise(watermark)
  core.closedUntil = timeOf(snapshot.closedUntil)
  // Partitions that are new since the snapshot begin with its watermark, as any that is added after the start.
  for (const { mark } of core.partitions.values()) mark.watermark = watermark
  snapshot.counters.forEach((count, outcome) => {
    core.tally[outcome] = count
  })
  for (const [name, before] of Object.entries(snapshot.expired)) core.expired.set(name, before)
  for (const record of snapshot.partitions) {
    core.addPartition(record.partition)
    const { mark, guard } = core.partition(record.partition)
    mark.watermark = watermark === always ? always : timeOf(record.watermark)
    loadGuard(guard, record, groups)
    for (const { group } of guard.held) core.store.open.groups.addFrame(group)
  }
  core.store.load(snapshot, groups, watermark)
}

function faultOf<S>(core: EngineCore<S>, snapshot: WindowingSnapshot): string | undefined {
  if (snapshot?.format !== 'card-windowing' || snapshot.version !== 1) {
    return `Expected format card-windowing version 1, found ${snapshot?.format} version ${snapshot?.version}; restore it with the release that wrote it.`
  }
  if (snapshot.changesOnly) {
    return 'Expected a whole snapshot, found changes only; apply them to the whole one first.'
  }
  const used =
    core.tally.some((count) => count > 0) ||
    core.watermarks.combined !== Number.NEGATIVE_INFINITY ||
    [...core.partitions.values()].some(({ guard }) => guard.nextTicket > 0)
  return used ? 'Expected a new engine, found one that has taken events; restore before pushing.' : undefined
}
