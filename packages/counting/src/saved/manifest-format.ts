import { ByteWriter } from './bytes.js'
import type { Manifest, ManifestInput } from './manifest.js'
import { corrupt, seal, unseal } from './sealed.js'
import { readSlots, writeSlots } from './slot-format.js'

// u8 format, text owner, varint step, varint nextOffset, text group, varint configEpoch, text configuration,
// varint checkpoint and partials partitions, varint revisionBase, varint lines, bytes, blank, fallbacks, u8 hasInput,
// [u8 hasTopicId, 16 bytes topic id, varint incarnation, varint firstOffset, text from],
// u8 where the body is, blob body | slots, u32 crc32c

const manifestFormat = 1
const topicIdBytes = 16

/** @throws CountingError corrupt-state: a topic id of other than 32 hexadecimal digits */
export function writeManifest(manifest: Manifest): Uint8Array {
  const { topics, sums, input, body } = manifest
  const writer = new ByteWriter()
  writer.u8(manifestFormat)
  writer.text(manifest.owner)
  writer.varint(manifest.step)
  writer.varint(manifest.nextOffset)
  writer.text(manifest.group)
  writer.varint(manifest.configEpoch)
  writer.text(manifest.configuration)
  for (const number of [topics.checkpoint, topics.partials, manifest.revisionBase]) writer.varint(number)
  for (const sum of [sums.lines, sums.bytes, sums.blank, sums.fallbacks]) writer.varint(sum)
  writer.u8(input === null ? 0 : 1)
  if (input !== null) writeInput(writer, input)
  writer.u8(body.where === 'here' ? 0 : 1)
  if (body.where === 'here') writer.blob(body.bytes)
  else writeSlots(writer, body.slots)
  return seal(writer)
}

/** @throws CountingError corrupt-state, newer-format */
export function readManifest(bytes: Uint8Array): Manifest {
  const reader = unseal(bytes, 'a manifest', manifestFormat)
  const owner = reader.text()
  const step = reader.varint()
  const nextOffset = reader.varint()
  const group = reader.text()
  const configEpoch = reader.varint()
  const configuration = reader.text()
  const topics = { checkpoint: reader.varint(), partials: reader.varint() }
  const revisionBase = reader.varint()
  const sums = {
    lines: reader.varint(),
    bytes: reader.varint(),
    blank: reader.varint(),
    fallbacks: reader.varint(),
  }
  const input = reader.u8() === 0 ? null : readInput(reader)
  const body =
    reader.u8() === 0
      ? ({ where: 'here', bytes: reader.blob().slice() } as const)
      : ({ where: 'slots', slots: readSlots(reader) } as const)
  const fields = { group, configEpoch, configuration, topics, input, revisionBase, sums }
  return { ...fields, owner, step, nextOffset, body }
}

function writeInput(writer: ByteWriter, { topicId, incarnation, firstOffset, from }: ManifestInput): void {
  writer.u8(topicId === null ? 0 : 1)
  if (topicId !== null) writer.raw(bytesOfHex(topicId))
  writer.varint(incarnation)
  writer.varint(firstOffset)
  writer.text(from)
}

function readInput(reader: ReturnType<typeof unseal>): ManifestInput {
  const topicId = reader.u8() === 0 ? null : hexOf(reader.raw(topicIdBytes))
  return { topicId, incarnation: reader.varint(), firstOffset: reader.varint(), from: reader.text() }
}

function bytesOfHex(hex: string): Uint8Array {
  if (!/^[0-9a-f]{32}$/.test(hex)) throw corrupt('a topic id of 32 hexadecimal digits', hex)
  return Uint8Array.from({ length: topicIdBytes }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16))
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
