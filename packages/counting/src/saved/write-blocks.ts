import type { Forgotten } from '@card/windowing'
import type { Groups } from '../groups.js'
import {
  type BlockPlace,
  blockFormat,
  type StateForm,
  writeCell,
  writeRevision,
  writeStep,
} from './block-format.js'
import { ByteWriter } from './bytes.js'
import { crc32c } from './crc32c.js'
import type { EngineRecord } from './engine-record.js'
import { writeGroup } from './group-bytes.js'
import type { StatePart, StateRecord } from './state-changes.js'

/** What a block holds; by number in its bytes. */
export const blockKinds = ['cells', 'steps', 'revisions', 'cell-part', 'step-part'] as const
type BlockKind = (typeof blockKinds)[number]

/** A piece of state, of one window, step or view: the newest of each record counts, and parts follow their record. */
export interface StateBlock extends BlockPlace {
  readonly kind: BlockKind
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
    writeRecord(to.writer, record, parts.length > 0, groups)
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
    for (const part of parts) yield partBlock(place, record, part, groups)
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

  constructor(private readonly place: Place) {
    this.writer.u8(blockFormat)
    this.writer.u8(blockKinds.indexOf(place.kind))
    this.writer.text(place.of)
    this.writer.f64(place.start)
    this.writer.f64(place.end)
  }

  close(): StateBlock {
    this.writer.u32(crc32c(this.writer.written()))
    return { ...this.place, bytes: this.writer.take() }
  }
}

function partBlock(place: Place, record: EngineRecord, part: StatePart, groups: Groups): StateBlock {
  const kind = place.kind === 'cells' ? 'cell-part' : 'step-part'
  const block = new OpenBlock({ ...place, kind })
  if (record.kind !== 'forgotten') writeGroup(block.writer, record.group, groups)
  block.writer.varint(part.from)
  block.writer.blob(part.bytes)
  return block.close()
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
): void {
  if (record.kind === 'revision') {
    writeRevision(writer, record, groups)
    return
  }
  const form: StateForm = hasParts ? 'parts' : record.state === undefined ? 'none' : 'whole'
  if (record.kind === 'cell') writeCell(writer, record, form, groups)
  else writeStep(writer, record, form, groups)
}
