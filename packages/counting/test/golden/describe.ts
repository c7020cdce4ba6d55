import { GroupTable } from '@card/frames'
import { CheckpointReader, readWireRecord, StateImage } from '../../src/index.js'
import { options } from '../truth.js'
import { unpackRecords } from './packed-records.js'

const totalGroup = 0xffff_ffff

/** As JSON has it: bytes as hexadecimal digits, times that are none as text. */
export function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, item) => {
      if (item instanceof Uint8Array) return Buffer.from(item).toString('hex')
      return item === Number.NEGATIVE_INFINITY ? '-Infinity' : item
    }),
  )
}

/** What is restored from the records of a checkpoint: the manifest, the head, and each record with its state. */
export function describeCheckpoint(owner: string, packed: Uint8Array): unknown {
  const reader = new CheckpointReader(owner)
  for (const { key, value } of unpackRecords(packed)) if (reader.wants(key)) reader.take(key, value)
  const { manifest, head, load } = reader.restore()!
  const groups = new GroupTable()
  const image = new StateImage(options().counter, groups)
  for (const _ of load(image));
  const records = Array.from(image.records(), (record) => {
    if (record.kind === 'forgotten' || record.kind === 'revision')
      return { ...record, ...named(record, groups) }
    const { state } = record
    const described = state == null ? null : { count: state.count(), bytes: state.toCanonicalBytes() }
    return { ...record, ...named(record, groups), state: described }
  })
  return plain({ manifest: { ...manifest, body: undefined }, head, records })
}

/** What a record between counters and mergers says. */
export function describeWire(bytes: Uint8Array): unknown {
  const groups = new GroupTable()
  const record = readWireRecord(bytes, groups)
  if (record.kind === 'progress') return plain(record)
  return plain({
    ...record,
    partials: Array.from(record.partials, (partial) => ({ ...partial, ...named(partial, groups) })),
  })
}

function named(record: object, groups: GroupTable): { readonly group?: string | null } {
  if (!('group' in record)) return {}
  const id = record.group as number
  return { group: id === totalGroup ? 'the total' : groups.text(id) }
}
