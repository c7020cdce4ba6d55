import type { DeltaCounter } from '@card/estimators'
import type { Aggregate, Forgotten } from '@card/windowing'
import type { Groups } from '../groups.js'
import { type CounterOptions, counterAggregate, type WindowState } from '../state/window-state.js'
import {
  type BlockPlace,
  blockFormat,
  type Read,
  readCell,
  readRevision,
  readStep,
  type StateForm,
} from './block-format.js'
import type { ByteReader } from './bytes.js'
import type { EngineRecord } from './engine-record.js'
import { readGroup } from './group-bytes.js'
import { forgottenKey, placeKey } from './place-key.js'
import { corrupt, unseal } from './sealed.js'
import { type BlockContents, type BlockKind, blockKinds } from './write-blocks.js'

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

  /** Takes a block, and tells what it holds. @throws CountingError corrupt-state, newer-format */
  add(bytes: Uint8Array): BlockContents {
    const reader = unseal(bytes, 'a block', blockFormat)
    const kind = blockKinds[reader.u8()]
    if (kind === undefined) throw corrupt('a kind of block', 'an unknown one')
    const place = { of: reader.text(), start: reader.f64(), end: reader.f64() }
    if (kind === 'cell-part' || kind === 'step-part')
      return { kind, ...place, ...this.addPart(reader, kind, place) }
    const groups: number[] = []
    const forms: StateForm[] = []
    while (reader.left > 0) {
      const { record, form } = this.readRecord(kind, reader, place)
      this.put(placeKey(kind, place), record)
      groups.push(record.group)
      forms.push(form)
    }
    return { kind, ...place, groups, forms, from: 0 }
  }

  /** A window, a step or revisions are no more. */
  forget(forgotten: Forgotten): void {
    this.places.delete(forgottenKey(forgotten))
  }

  *records(): Generator<EngineRecord, void, undefined> {
    for (const groups of this.places.values()) yield* groups.values()
  }

  private readRecord(
    kind: BlockKind,
    reader: ByteReader,
    place: BlockPlace,
  ): { record: Kept; form: StateForm } {
    if (kind === 'cells') return this.whole(readCell(reader, place, this.groups))
    if (kind === 'steps') return this.whole(readStep(reader, place, this.groups))
    return { record: readRevision(reader, place, this.groups), form: 'none' }
  }

  private put(key: string, record: Kept): void {
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

  private whole<T extends Kept>({ record, form, bytes }: Read<T>): { record: T; form: StateForm } {
    const state = form !== 'whole' ? undefined : bytes === null ? null : this.aggregate.load(bytes)
    return { record: { ...record, state }, form }
  }

  private addPart(
    reader: ByteReader,
    kind: BlockKind,
    place: BlockPlace,
  ): Omit<BlockContents, keyof BlockPlace | 'kind'> {
    const group = readGroup(reader, this.groups)
    const from = reader.varint()
    const bytes = reader.blob()
    const groups = this.places.get(placeKey(kind, place))
    const record = groups?.get(group)
    if (record === undefined || !('state' in record)) throw corrupt('a record before its parts', 'none')
    if (from === 0) {
      const state = this.aggregate.load(bytes)
      // What follows keeps its place: parts are written again from marks on.
      if (state !== null && 'trackDeltas' in state) (state as DeltaCounter).trackDeltas(0)
      groups!.set(group, { ...record, state })
    } else {
      const { state } = record
      if (state === undefined || state === null || state.count() < from) {
        throw corrupt(`${from} fingerprints before a part`, `${state?.count() ?? 0}`)
      }
      state.mergeBytes(bytes)
    }
    return { groups: [group], forms: [], from }
  }
}
