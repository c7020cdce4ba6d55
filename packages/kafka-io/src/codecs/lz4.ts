// LZ4 frames as Kafka writes them. Format: github.com/lz4/lz4, doc/lz4_Frame_format.md and lz4_Block_format.md.
// Own code because the output has to be bounded while it grows, and goes into a buffer that is reused.
import { KafkaIoError } from '../errors.js'
import type { Kernel } from '../wasm/kernel.js'
import type { GrowingBytes } from './growing-bytes.js'

const magic = 0x184d2204
/** The most bytes that the format allows a block. Lengths in one of 16 MiB could pass the kernel's 32 bits. */
const largestBlock = 4 * 1024 * 1024

/** Where a block is damaged, by the results of assembly/lz4.ts; the last of those is a full buffer. */
const damages = [
  'it ends within a length',
  'it ends within literals',
  'it ends within an offset',
  'it copies from before its start',
]

/**
 * Decompresses one or more LZ4 frames into `into`, from its start on.
 *
 * @returns the end of what was written
 * @throws `corrupt-batch`, `batch-too-large`
 */
export function decompressLz4(input: Uint8Array, into: GrowingBytes): number {
  let at = 0
  const { kernel } = into
  let written = into.start
  while (at < input.length) {
    if (input.length - at < 7 || readUint32(input, at) !== magic) throw corrupt('no frame starts')
    const flags = input[at + 4]!
    if (flags >>> 6 !== 1 || (flags & 1) !== 0) throw corrupt('its frame version or dictionary is unknown')
    const blockChecksum = flags & 16 ? 4 : 0
    // The frame's descriptor: magic, FLG, BD, content size where flagged, one byte of header checksum.
    at += 7 + (flags & 8 ? 8 : 0)
    for (;;) {
      if (at + 4 > input.length) throw corrupt('it ends within a frame')
      const size = readUint32(input, at)
      at += 4
      if (size === 0) break
      const length = size & 0x7fffffff
      if (length > largestBlock) throw corrupt('a block passes 4 MiB')
      if (length > input.length - at) throw corrupt('it ends within a block')
      if (size >>> 31) {
        into.reserve(written + length, written).set(input.subarray(at, at + length), written)
        written += length
      } else {
        const block = input.subarray(at, at + length)
        written =
          kernel === null
            ? decompressBlock(block, into, written)
            : decompressByKernel(kernel, block, into, written)
      }
      at += length + blockChecksum
    }
    if (flags & 4) at += 4
  }
  return written
}

// Starts again with more room if that was not enough: how much a block needs is known only at its end.
function decompressByKernel(kernel: Kernel, block: Uint8Array, into: GrowingBytes, written: number): number {
  for (;;) {
    const at = into.place(kernel, block)
    const { address } = into
    const result = kernel.decodeLz4(
      at,
      at + block.length,
      address + into.start,
      address + written,
      address + into.bytes.length,
    )
    if (result > damages.length + 1) return result - address
    const damage = damages[result - 1]
    if (damage !== undefined) throw corrupt(damage)
    into.reserve(into.bytes.length + 1, written)
  }
}

// Matches may reach back into earlier blocks of the frame: all blocks share the one output.
function decompressBlock(input: Uint8Array, into: GrowingBytes, start: number): number {
  let output = into.bytes
  let room = output.length
  let at = 0
  const to = input.length
  let out = start
  while (at < to) {
    const token = input[at++]!
    let literals = token >>> 4
    if (literals === 15) {
      let more: number
      do {
        if (at >= to) throw corrupt('it ends within a length')
        more = input[at++]!
        literals += more
      } while (more === 255)
    }
    if (literals > 0) {
      if (literals > to - at) throw corrupt('it ends within literals')
      if (out + literals > room) {
        output = into.reserve(out + literals, out)
        room = output.length
      }
      // A call costs as much as copying some 40 bytes one by one (V8 of Node 20).
      if (literals > 40) output.set(input.subarray(at, at + literals), out)
      else for (let i = 0; i < literals; i++) output[out + i] = input[at + i]!
      at += literals
      out += literals
    }
    if (at === to) return out
    if (at + 2 > to) throw corrupt('it ends within an offset')
    const distance = input[at]! | (input[at + 1]! << 8)
    at += 2
    if (distance === 0 || distance > out - into.start) throw corrupt('it copies from before its start')
    let length = (token & 15) + 4
    if (length === 19) {
      let more: number
      do {
        if (at >= to) throw corrupt('it ends within a length')
        more = input[at++]!
        length += more
      } while (more === 255)
    }
    if (out + length > room) {
      output = into.reserve(out + length, out)
      room = output.length
    }
    const source = out - distance
    if (length > 40 && distance >= length) output.copyWithin(out, source, source + length)
    else for (let i = 0; i < length; i++) output[out + i] = output[source + i]!
    out += length
  }
  return out
}

function readUint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}

function corrupt(found: string): KafkaIoError {
  return new KafkaIoError('corrupt-batch', `A record batch is marked as LZ4 frames, but ${found}`)
}
