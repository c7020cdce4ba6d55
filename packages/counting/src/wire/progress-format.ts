import type { Progress } from '../count/partial.js'
import { type ByteReader, ByteWriter } from '../saved/bytes.js'
import { seal } from '../saved/sealed.js'
import { wireFormat, wireKind } from './partials-format.js'

// Behind the format and the kind of record:
// text partition, varint incarnation, varint upTo, f64 watermark, u8 status, varint configEpoch

const statuses = ['active', 'idle'] as const

/** What a record of progress says. */
export interface ReadProgress {
  readonly kind: 'progress'
  readonly progress: Progress
  /** Of the counter's settings. A merger with an older one stands down. */
  readonly configEpoch: number
}

/** The record of how far a partition has been counted: it follows the partials it covers, in the log of each merger. */
export function writeProgress(progress: Progress, configEpoch: number): Uint8Array {
  const writer = new ByteWriter()
  writer.u8(wireFormat)
  writer.u8(wireKind.progress)
  writer.text(progress.partition)
  writer.varint(progress.incarnation)
  writer.varint(progress.upTo)
  writer.f64(progress.watermark)
  writer.u8(statuses.indexOf(progress.status))
  writer.varint(configEpoch)
  return seal(writer)
}

/** @param reader behind the kind of record */
export function readProgress(reader: ByteReader): ReadProgress {
  const origin = { partition: reader.text(), incarnation: reader.varint() }
  const upTo = reader.varint()
  const watermark = reader.f64()
  const status = statuses[reader.u8()] ?? 'active'
  return { kind: 'progress', progress: { ...origin, upTo, watermark, status }, configEpoch: reader.varint() }
}
