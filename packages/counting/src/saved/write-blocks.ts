import type { Forgotten } from '@card/windowing'
import type { Groups } from '../groups.js'
import type { StatePart } from '../state/growth.js'
import {
  type BlockPlace,
  blockFormat,
  type StateForm,
  writeCell,
  writeRevision,
  writeStep,
} from './block-format.js'
import { ByteWriter } from './bytes.js'
import type { EngineRecord } from './engine-record.js'
import { writeGroup } from './group-bytes.js'
import { seal } from './sealed.js'
import type { StateRecord } from './state-changes.js'

/** What a block holds; by number in its bytes. */
export const blockKinds = ['cells', 'steps', 'revisions', 'cell-part', 'step-part'] as const
export type BlockKind = (typeof blockKinds)[number]

/** What a block holds, of one window, step or view: the newest of each record counts, and parts follow their record. */
export interface BlockContents extends BlockPlace {
  readonly kind: BlockKind
  /** Ids of the groups of its records; of a part, its one group. */
  readonly groups: readonly number[]
  /** Of each record: what follows it. */
  readonly forms: readonly StateForm[]
  /** Of a part: the mark of its first fingerprint; else 0. */
  readonly from: number
}

/** A piece of state as it is stored. */
export interface StateBlock extends BlockContents {
  readonly bytes: Uint8Array
}

/** Bytes that are written between two pauses, and what a record costs besides its bytes: some milliseconds in all. */
const bytesAtOnce = 256 * 1024
const recordEffort = 128

/** Limits of {@link writeBlocks}, in bytes. */
export interface BlockLimits {
  /** Default 512 KiB. One record may pass it: a sketch, or 2,048 fingerprints. */
  readonly block?: number
  /** Of all blocks that are begun. Default 4 MiB. */
  readonly begun?: number
}

/**
 * Writes changes as blocks of bounded size. What is forgotten comes first: its blocks hold nothing any more.
 *
 * @param groups the table behind the ids
 */
export function* writeBlocks(
  changes: Iterable<StateRecord>,
  groups: Groups,
  limits: BlockLimits = {},
): Generator<StateBlock | Forgotten, void, undefined> {
  for (const block of writeBlocksInSteps(changes, groups, limits)) if (block !== undefined) yield block
}

/** The same, with undefined in between wherever it has worked for some milliseconds without a block: a place to pause. */
export function* writeBlocksInSteps(
  changes: Iterable<StateRecord>,
  groups: Groups,
  { block = 512 * 1024, begun = 4 * 1024 * 1024 }: BlockLimits = {},
): Generator<StateBlock | Forgotten | undefined, void, undefined> {
  const open = new Map<string, OpenBlock>()
  let total = 0
  let unpaused = 0
  for (const { record, parts } of changes) {
    if (record.kind === 'forgotten') {
      yield record
      continue
    }
    const place = placeOf(record)
    const key = `${place.kind} ${place.start} ${place.end} ${place.of}`
    let to = open.get(key)
    if (to === undefined) {
      to = new OpenBlock(place)
      open.set(key, to)
    }
    const before = to.writer.length
    to.add(record, parts.length > 0, groups)
    total += to.writer.length - before
    unpaused += to.writer.length - before + recordEffort
    if (unpaused >= bytesAtOnce) {
      unpaused = 0
      yield undefined
    }
    // Parts follow their record, so that nothing is read that has no place.
    if (parts.length > 0 || to.writer.length >= block) {
      yield to.close()
      open.delete(key)
      total -= to.writer.length
    }
    for (const part of parts) yield partBlock(place, record.group, part, groups)
    if (total < begun) continue
    for (const each of open.values()) yield each.close()
    open.clear()
    total = 0
  }
  for (const each of open.values()) yield each.close()
}

interface Place extends BlockPlace {
  readonly kind: BlockKind
}

class OpenBlock {
  readonly writer = new ByteWriter()
  private readonly groups: number[] = []
  private readonly forms: StateForm[] = []

  constructor(private readonly place: Place) {
    this.writer.u8(blockFormat)
    this.writer.u8(blockKinds.indexOf(place.kind))
    this.writer.text(place.of)
    this.writer.f64(place.start)
    this.writer.f64(place.end)
  }

  add(record: Exclude<EngineRecord, Forgotten>, hasParts: boolean, groups: Groups): void {
    this.groups.push(record.group)
    this.forms.push(writeRecord(this.writer, record, hasParts, groups))
  }

  addPart(group: number, part: StatePart, groups: Groups): void {
    this.groups.push(group)
    writeGroup(this.writer, group, groups)
    this.writer.varint(part.from)
    this.writer.blob(part.bytes())
  }

  close(from = 0): StateBlock {
    const { place, groups, forms } = this
    return { ...place, groups, forms, from, bytes: seal(this.writer) }
  }
}

function partBlock(place: Place, group: number, part: StatePart, groups: Groups): StateBlock {
  const kind = place.kind === 'cells' ? 'cell-part' : 'step-part'
  const block = new OpenBlock({ ...place, kind })
  block.addPart(group, part, groups)
  return block.close(part.from)
}

function placeOf(record: Exclude<EngineRecord, Forgotten>): Place {
  if (record.kind === 'cell') return { kind: 'cells', of: record.size, start: record.start, end: record.end }
  if (record.kind === 'step') return { kind: 'steps', of: record.view, start: record.start, end: record.end }
  return { kind: 'revisions', of: record.view, start: record.end, end: record.end }
}

function writeRecord(
  writer: ByteWriter,
  record: Exclude<EngineRecord, Forgotten>,
  hasParts: boolean,
  groups: Groups,
): StateForm {
  if (record.kind === 'revision') {
    writeRevision(writer, record, groups)
    return 'none'
  }
  const form: StateForm = hasParts ? 'parts' : record.state === undefined ? 'none' : 'whole'
  if (record.kind === 'cell') writeCell(writer, record, form, groups)
  else writeStep(writer, record, form, groups)
  return form
}
