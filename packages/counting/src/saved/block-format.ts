import type { SavedCell, SavedRevision, SavedStep } from '@card/windowing'
import type { Groups } from '../groups.js'
import type { WindowState } from '../state/window-state.js'
import type { ByteReader, ByteWriter } from './bytes.js'
import { readGroup, writeGroup } from './group-bytes.js'

// A block holds records of one window, one step or the revisions of one view:
//
//   u8 format, u8 kind, text size or view, f64 start, f64 end, records to the end, u32 crc32c of all before
//
// and each record begins with its group. Numbers are varints where they are whole and not negative.

/** The format that this release writes. */
export const blockFormat = 1

/** Bits of a record. */
const flag = { announced: 1, state: 2, noCounter: 4, changed: 8, parts: 16 }

/** What follows a record: nothing, a state, or its parts in blocks of their own. */
export type StateForm = 'none' | 'whole' | 'parts'

export function writeCell(
  writer: ByteWriter,
  cell: SavedCell<WindowState>,
  form: StateForm,
  groups: Groups,
): void {
  writeGroup(writer, cell.group, groups)
  writer.u8((cell.announced ? flag.announced : 0) | stateFlags(cell.state, form))
  writer.varint(cell.order)
  writer.varint(cell.events)
  writer.varint(cell.shown)
  writer.varint(cell.revision)
  writer.varint(cell.links.length)
  for (const [size, start, events] of cell.links) {
    writer.text(size)
    writer.f64(start)
    writer.varint(events)
  }
  writer.varint(cell.absorbed.length)
  for (const value of cell.absorbed) writer.varint(value)
  writeState(writer, cell.state, form)
}

export function writeStep(
  writer: ByteWriter,
  step: SavedStep<WindowState>,
  form: StateForm,
  groups: Groups,
): void {
  writeGroup(writer, step.group, groups)
  writer.u8((step.changed ? flag.changed : 0) | stateFlags(step.state, form))
  writer.varint(step.events)
  writeState(writer, step.state, form)
}

export function writeRevision(writer: ByteWriter, next: SavedRevision, groups: Groups): void {
  writeGroup(writer, next.group, groups)
  writer.u8(next.announced ? flag.announced : 0)
  writer.varint(next.revision)
}

/** Where a block's records belong. */
export interface BlockPlace {
  /** the size or the view */
  readonly of: string
  readonly start: number
  readonly end: number
}

/** A record that was read; `state` is null where its parts follow, or only events are counted. */
export interface Read<T> {
  readonly record: T
  readonly form: StateForm
  /** canonical bytes of a whole state; null: there is no counter */
  readonly bytes: Uint8Array | null
}

export function readCell(
  reader: ByteReader,
  { of, start, end }: BlockPlace,
  groups: Groups,
): Read<SavedCell<WindowState>> {
  const group = readGroup(reader, groups)
  const flags = reader.u8()
  const order = reader.varint()
  const events = reader.varint()
  const shown = reader.varint()
  const revision = reader.varint()
  const links = Array.from({ length: reader.varint() }, () => {
    return [reader.text(), reader.f64(), reader.varint()] as const
  })
  const absorbed = Array.from({ length: reader.varint() }, () => reader.varint())
  const announced = (flags & flag.announced) !== 0
  const numbers = { order, events, shown, revision, announced, links, absorbed }
  return { record: { kind: 'cell', size: of, start, end, group, ...numbers }, ...readState(reader, flags) }
}

export function readStep(
  reader: ByteReader,
  { of, start, end }: BlockPlace,
  groups: Groups,
): Read<SavedStep<WindowState>> {
  const group = readGroup(reader, groups)
  const flags = reader.u8()
  const events = reader.varint()
  const changed = (flags & flag.changed) !== 0
  return {
    record: { kind: 'step', view: of, start, end, group, events, changed },
    ...readState(reader, flags),
  }
}

export function readRevision(reader: ByteReader, { of, end }: BlockPlace, groups: Groups): SavedRevision {
  const group = readGroup(reader, groups)
  const announced = (reader.u8() & flag.announced) !== 0
  return { kind: 'revision', view: of, end, group, revision: reader.varint(), announced }
}

function stateFlags(state: WindowState | undefined, form: StateForm): number {
  if (form === 'parts') return flag.parts
  return form === 'none' ? 0 : flag.state | (state === null ? flag.noCounter : 0)
}

function writeState(writer: ByteWriter, state: WindowState | undefined, form: StateForm): void {
  if (form === 'whole' && state !== null) writer.blob(state!.toCanonicalBytes())
}

function readState(reader: ByteReader, flags: number): { form: StateForm; bytes: Uint8Array | null } {
  if ((flags & flag.parts) !== 0) return { form: 'parts', bytes: null }
  if ((flags & flag.state) === 0) return { form: 'none', bytes: null }
  return { form: 'whole', bytes: (flags & flag.noCounter) !== 0 ? null : reader.blob() }
}
