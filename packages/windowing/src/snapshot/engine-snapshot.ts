import type { EngineCore } from '../engine/core.js'
import { WindowingError } from '../errors.js'
import { groupOf, loadGuard, nameOf, saveGuard } from '../guard/guard-record.js'
import { meanLength, sizeKey } from '../time/size.js'
import { loadStore } from './load-store.js'
import type { Saved } from './saved.js'
import { savedCell, savedRevision, savedStep } from './saved-cell.js'
import { type EngineHead, type GroupNames, plainTime, timeOf, type WindowingSnapshot } from './snapshot.js'

const always = Number.POSITIVE_INFINITY

/** What an engine keeps besides windows and rolling views. */
export function saveHead<S>(core: EngineCore<S>, groups: GroupNames | undefined): EngineHead {
  const watermark = core.watermarks.combined
  return {
    format: 'card-windowing',
    version: 1,
    fingerprint: core.fingerprint,
    watermark: plainTime(watermark),
    closedUntil: plainTime(Math.max(core.closedUntil, watermark - core.options.allowedLateness)),
    counters: [...core.tally],
    partitions: [...core.partitions.values()].map(({ mark, guard }) => ({
      partition: mark.partition,
      watermark: plainTime(mark.watermark),
      ...saveGuard(guard, groups),
    })),
    expired: Object.fromEntries(core.expired),
    sizes: Object.fromEntries(core.plan.map(({ size }) => [sizeKey(size), meanLength(size)])),
  }
}

/** Everything in the windows and rolling views, with live states; tracking of changes is left alone. */
export function* savedRecords<S>({ plan, store }: EngineCore<S>): Generator<Saved<S>, void, undefined> {
  for (const size of plan) for (const cell of store.open.cells(size)) yield savedCell(cell)
  for (const view of store.views.flat()) {
    for (const held of view.held()) yield savedStep(held)
    for (const next of view.revisions()) yield savedRevision(next)
  }
}

/** The state of an engine as plain data. */
export function saveEngine<S>(core: EngineCore<S>, groups: GroupNames | undefined): WindowingSnapshot {
  const { aggregate } = core.options
  const name = (group: number) => nameOf(group, groups)
  const records: Saved<unknown, string | number>[] = []
  for (const record of savedRecords(core)) {
    if (record.kind === 'forgotten') continue
    if (record.kind === 'revision') {
      records.push({ ...record, group: name(record.group) })
      continue
    }
    const { state, ...rest } = record
    const saved = state === undefined ? {} : { state: aggregate.save(state) }
    records.push({ ...rest, group: name(record.group), ...saved } as Saved<unknown, string | number>)
  }
  return { ...saveHead(core, groups), records }
}

/** The records of plain data with ids and states of this engine. */
export function* plainRecords<S>(
  core: EngineCore<S>,
  snapshot: WindowingSnapshot,
  groups: GroupNames | undefined,
): Generator<Saved<S>, void, undefined> {
  const { aggregate } = core.options
  for (const record of snapshot.records) {
    if (record.kind === 'forgotten') continue
    const group = groupOf(record.group, groups)
    if (record.kind === 'revision') yield { ...record, group }
    else yield { ...record, group, state: 'state' in record ? aggregate.load(record.state) : undefined }
  }
}

/**
 * Brings a new engine to where a snapshot was made.
 *
 * @throws WindowingError bad-snapshot; settings-differ
 */
export function loadEngine<S>(
  core: EngineCore<S>,
  head: EngineHead,
  records: Iterable<Saved<S>>,
  groups: GroupNames | undefined,
): void {
  expectRestorable(core, head)
  const watermark = timeOf(head.watermark)
  core.watermarks.raise(watermark)
  core.closedUntil = timeOf(head.closedUntil)
  if (watermark === always) for (const { mark } of core.partitions.values()) mark.watermark = always
  head.counters.forEach((count, outcome) => {
    core.tally[outcome] = count
  })
  for (const [name, before] of Object.entries(head.expired)) core.expired.set(name, before)
  for (const record of head.partitions) {
    core.addPartition(record.partition)
    const { mark, guard } = core.partition(record.partition)
    mark.watermark = watermark === always ? always : timeOf(record.watermark)
    loadGuard(guard, record, groups)
    for (const { group } of guard.held.frames()) core.store.open.groups.addFrame(group)
  }
  loadStore(core.store, records, head.sizes, watermark)
}

function expectRestorable<S>(core: EngineCore<S>, head: EngineHead): void {
  const fault = faultOf(core, head)
  if (fault !== undefined) throw new WindowingError('bad-snapshot', fault)
  if (head.fingerprint === core.fingerprint) return
  throw new WindowingError(
    'settings-differ',
    `Expected a snapshot of the settings ${core.fingerprint}, found ${head.fingerprint}; restore with those settings, or start without a snapshot.`,
  )
}

function faultOf<S>(core: EngineCore<S>, head: EngineHead): string | undefined {
  if (head?.format !== 'card-windowing' || head.version !== 1) {
    return `Expected format card-windowing version 1, found ${head?.format} version ${head?.version}; restore it with the release that wrote it.`
  }
  const used =
    core.tally.some((count) => count > 0) ||
    core.watermarks.combined !== Number.NEGATIVE_INFINITY ||
    [...core.partitions.values()].some(({ guard }) => guard.nextTicket > 0)
  return used ? 'Expected a new engine, found one that has taken events; restore before pushing.' : undefined
}
