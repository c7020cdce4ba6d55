import type { ByteReader, ByteWriter } from './bytes.js'
import type { Slot } from './slots.js'

// varint slots, each: varint number, varint bytes

export function writeSlots(writer: ByteWriter, slots: readonly Slot[]): void {
  writer.varint(slots.length)
  for (const { number, bytes } of slots) {
    writer.varint(number)
    writer.varint(bytes)
  }
}

export function readSlots(reader: ByteReader): Slot[] {
  return Array.from({ length: reader.varint() }, () => ({ number: reader.varint(), bytes: reader.varint() }))
}
