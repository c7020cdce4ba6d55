import type { Origin, Partial } from '../count/partial.js'
import type { Groups } from '../groups.js'
import { type ByteReader, ByteWriter } from '../saved/bytes.js'
import { readGroup, writeGroup } from '../saved/group-bytes.js'
import { seal } from '../saved/sealed.js'

// Behind the format and the kind of record:
// text partition, varint incarnation, varint upTo, f64 start, partials to the end, each:
// group, varint events, varint added, varint length of the state and 1, or 0: no counter; state

/** The format of everything that counters send to mergers. */
export const wireFormat = 1
export const wireKind = { partials: 0, progress: 1 } as const

/** Partials of one partition and base window, for one merger. */
export class PartialsRecord {
  private readonly writer = new ByteWriter()
  private cells = 0

  constructor({ partition, incarnation }: Origin, upTo: number, start: number) {
    this.writer.u8(wireFormat)
    this.writer.u8(wireKind.partials)
    this.writer.text(partition)
    this.writer.varint(incarnation)
    this.writer.varint(upTo)
    this.writer.f64(start)
  }

  /** Whether a partial with so many bytes of state would make it longer than a limit. */
  isFullFor(bytes: number, limit: number): boolean {
    return this.cells > 0 && this.writer.length + bytes > limit
  }

  add({ group, events, added }: Partial, bytes: Uint8Array | null, groups: Groups): void {
    this.cells++
    writeGroup(this.writer, group, groups)
    this.writer.varint(events)
    this.writer.varint(added)
    this.writer.varint(bytes === null ? 0 : bytes.length + 1)
    if (bytes !== null) this.writer.raw(bytes)
  }

  close(): Uint8Array {
    return seal(this.writer)
  }
}

/** What a record of partials says. */
export interface ReadPartials {
  readonly kind: 'partials'
  readonly origin: Origin
  readonly upTo: number
  /** To be absorbed in their order, once. States are views of the record. */
  readonly partials: Iterable<Partial>
}

/** @param reader behind the kind of record */
export function readPartials(reader: ByteReader, groups: Groups): ReadPartials {
  const origin = { partition: reader.text(), incarnation: reader.varint() }
  return { kind: 'partials', origin, upTo: reader.varint(), partials: partialsIn(reader, groups) }
}

function* partialsIn(reader: ByteReader, groups: Groups): Generator<Partial, void, undefined> {
  const start = reader.f64()
  while (reader.left > 0) {
    const group = readGroup(reader, groups)
    const events = reader.varint()
    const added = reader.varint()
    const length = reader.varint()
    const bytes = length === 0 ? null : reader.raw(length - 1)
    yield { start, group, events, added, state: { form: 'bytes', bytes } }
  }
}
