import type { Aggregate, Forgotten } from '@card/windowing'
import { CountingError } from '../errors.js'
import type { Groups } from '../groups.js'
import { type CounterOptions, counterAggregate, type WindowState } from '../state/window-state.js'
import { type BlockPlace, blockFormat, type Read, readCell, readRevision, readStep } from './block-format.js'
import { ByteReader } from './bytes.js'
import { crc32c } from './crc32c.js'
import type { EngineRecord } from './engine-record.js'
import { readGroup } from './group-bytes.js'
import { blockKinds } from './write-blocks.js'

type Kept = Exclude<EngineRecord, Forgotten>

/**
 * A state that is read back, block by block, in the order they were written (those that were replaced or forgotten may be
 * left out): `records` is what `restore` takes. States are read once, and become the restored one's.
 */
export class StateImage {
  /** by window, step or view, then by group */
  private readonly places = new Map<string, Map<number, Kept>>()
  private readonly aggregate: Aggregate<WindowState>

  /** @param groups the table of the process that goes on with it */
  constructor(
    counter: CounterOptions,
    private readonly groups: Groups,
  ) {
    this.aggregate = counterAggregate(counter)
  }

  /** Takes a block. @throws CountingError corrupt-state */
  add(bytes: Uint8Array): void {
    const end = bytes.length - 4
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (end < 2 || crc32c(bytes, 0, end) !== view.getUint32(end, true))
      throw corrupt('a block with its checksum', 'another')
    const reader = new ByteReader(bytes.subarray(0, end))
    const format = reader.u8()
    if (format !== blockFormat) throw corrupt(`blocks of format ${blockFormat}`, `format ${format}`)
    const kind = blockKinds[reader.u8()]
    const place = { of: reader.text(), start: reader.f64(), end: reader.f64() }
    if (kind === 'cell-part' || kind === 'step-part') {
      this.addPart(reader, kind === 'cell-part' ? 'window' : 'step', place)
      return
    }
    while (reader.left > 0) {
      if (kind === 'cells')
        this.put('window', place.of, place.start, this.whole(readCell(reader, place, this.groups)))
      else if (kind === 'steps')
        this.put('step', place.of, place.start, this.whole(readStep(reader, place, this.groups)))
      else if (kind === 'revisions')
        this.put('revisions', place.of, place.end, readRevision(reader, place, this.groups))
      else throw corrupt('a kind of block', 'an unknown one')
    }
  }

  /** A window, a step or revisions are no more. */
  forget({ what, of, at }: Forgotten): void {
    this.places.delete(keyOf(what, of, at))
  }

  *records(): Generator<EngineRecord, void, undefined> {
    for (const groups of this.places.values()) yield* groups.values()
  }

  private put(what: Forgotten['what'], of: string, at: number, record: Kept): void {
    const key = keyOf(what, of, at)
    let groups = this.places.get(key)
    if (groups === undefined) {
      groups = new Map()
      this.places.set(key, groups)
    }
    const before = groups.get(record.group)
    // Parts go on from those before; without any the record has its state whole.
    if ('state' in record && record.state === undefined && before !== undefined && 'state' in before) {
      groups.set(record.group, { ...record, state: before.state })
    } else groups.set(record.group, record)
  }

  private whole<T extends Kept>({ record, form, bytes }: Read<T>): T {
    if (form !== 'whole') return { ...record, state: undefined }
    return { ...record, state: bytes === null ? null : this.aggregate.load(bytes) }
  }

  private addPart(reader: ByteReader, what: 'window' | 'step', { of, start }: BlockPlace): void {
    const group = readGroup(reader, this.groups)
    const from = reader.varint()
    const bytes = reader.blob()
    const groups = this.places.get(keyOf(what, of, start))
    const record = groups?.get(group)
    if (record === undefined || !('state' in record)) throw corrupt('a record before its parts', 'none')
    if (from === 0) {
      groups!.set(group, { ...record, state: this.aggregate.load(bytes) })
      return
    }
    const { state } = record
    if (state === undefined || state === null || state.count() < from) {
      throw corrupt(`${from} fingerprints before a part`, `${state?.count() ?? 0}`)
    }
    state.mergeBytes(bytes)
  }
}

function keyOf(what: Forgotten['what'], of: string, at: number): string {
  return JSON.stringify([what, of, at])
}

function corrupt(expected: string, found: string): CountingError {
  return new CountingError(
    'corrupt-state',
    `Expected ${expected} of a saved state, found ${found}; restore from an earlier one.`,
  )
}
