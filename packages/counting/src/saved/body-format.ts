import type { RefusedLine } from '../count/refused-line.js'
import { ByteWriter } from './bytes.js'
import type { NamedBlock, SavedHead } from './manifest.js'
import { seal, unseal } from './sealed.js'
import { readSlots, writeSlots } from './slot-format.js'

// u8 format, varint places, each: text; varint blocks, each: varint place, u8 isPart, slots, u32 seal;
// text head as JSON, varint held lines, each: varint ticket, text source, varint offset, blob line; u32 crc32c
//
// The head is JSON: plain data, small beside the blocks, most of it the windowing engine's, which carries its own format and
// version. Its position is in the manifest; lines of held frames are stored as bytes.

const bodyFormat = 1

/** What a manifest's body says. */
export interface Body {
  readonly blocks: readonly NamedBlock[]
  readonly head: SavedHead
}

export function writeBody(blocks: Iterable<NamedBlock>, { position: _, ...head }: SavedHead): Uint8Array {
  const writer = new ByteWriter()
  writer.u8(bodyFormat)
  writeBlockNames(writer, [...blocks])
  const { held = [], ...plain } = head as { held?: Held }
  writer.text(JSON.stringify(plain))
  writer.varint(held.length)
  for (const [ticket, { source, offset, line }] of held) {
    writer.varint(ticket)
    writer.text(source)
    writer.varint(offset)
    writer.blob(line)
  }
  return seal(writer)
}

/** @param position of the manifest. @throws CountingError corrupt-state, newer-format */
export function readBody(bytes: Uint8Array, position: number): Body {
  const reader = unseal(bytes, "a manifest's body", bodyFormat)
  const blocks = readBlockNames(reader)
  const head = JSON.parse(reader.text())
  const held: Held = Array.from({ length: reader.varint() }, () => {
    const ticket = reader.varint()
    return [ticket, { source: reader.text(), offset: reader.varint(), line: reader.blob().slice() }] as const
  })
  const isMerger = 'sources' in head
  return { blocks, head: isMerger ? { ...head, position } : { ...head, held, position } }
}

type Held = readonly (readonly [ticket: number, line: RefusedLine])[]

function writeBlockNames(writer: ByteWriter, blocks: readonly NamedBlock[]): void {
  const places = new Map<string, number>()
  for (const { place } of blocks) if (!places.has(place)) places.set(place, places.size)
  writer.varint(places.size)
  for (const place of places.keys()) writer.text(place)
  writer.varint(blocks.length)
  for (const { place, isPart, slots, seal } of blocks) {
    writer.varint(places.get(place)!)
    writer.u8(isPart ? 1 : 0)
    writeSlots(writer, slots)
    writer.u32(seal)
  }
}

function readBlockNames(reader: ReturnType<typeof unseal>): NamedBlock[] {
  const places = Array.from({ length: reader.varint() }, () => reader.text())
  return Array.from({ length: reader.varint() }, () => ({
    place: places[reader.varint()] ?? '',
    isPart: reader.u8() !== 0,
    slots: readSlots(reader),
    seal: reader.u32(),
  }))
}
