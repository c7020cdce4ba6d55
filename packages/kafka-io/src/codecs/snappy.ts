// Snappy blocks, alone or framed as xerial's Java library does and Kafka's Java client writes them.
// Formats: github.com/google/snappy, format_description.txt; github.com/xerial/snappy-java, SnappyCodec.
// Own code because the output has to be bounded and goes into a buffer that is reused.
import { KafkaIoError } from '../errors.js'
import type { GrowingBytes } from './growing-bytes.js'

const xerial = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]
/** The xerial header: magic, version i32, compatible version i32. */
const xerialHeader = 16

/**
 * Decompresses snappy into `into`, from its start on.
 *
 * @returns the end of what was written
 * @throws `corrupt-batch`, `batch-too-large`
 */
export function decompressSnappy(input: Uint8Array, into: GrowingBytes): number {
  if (!xerial.every((byte, i) => input[i] === byte))
    return decompressBlock(input, 0, input.length, into, into.start)
  let written = into.start
  for (let at = xerialHeader; at < input.length; ) {
    if (at + 4 > input.length) throw corrupt('it ends within a length')
    const size = ((input[at]! << 24) | (input[at + 1]! << 16) | (input[at + 2]! << 8) | input[at + 3]!) >>> 0
    at += 4
    if (size > input.length - at) throw corrupt('it ends within a block')
    written = decompressBlock(input, at, at + size, into, written)
    at += size
  }
  return written
}

function decompressBlock(
  input: Uint8Array,
  from: number,
  to: number,
  into: GrowingBytes,
  start: number,
): number {
  let at = from
  let size = 0
  for (let shift = 0; ; shift += 7) {
    if (at >= to || shift > 28) throw corrupt('its length is unreadable')
    const byte = input[at++]!
    size += (byte & 127) * 2 ** shift
    if (byte < 128) break
  }
  const output = into.reserve(start + size, start)
  const end = start + size
  let out = start
  while (at < to) {
    const tag = input[at++]!
    let length: number
    let distance: number
    if ((tag & 3) === 0) {
      length = (tag >>> 2) + 1
      if (length > 60) {
        const bytes = length - 60
        if (bytes > to - at) throw corrupt('it ends within a length')
        length = 1
        for (let i = 0; i < bytes; i++) length += input[at + i]! * 2 ** (8 * i)
        at += bytes
      }
      if (length > to - at || length > end - out) throw corrupt('its literals pass its end')
      if (length > 40) output.set(input.subarray(at, at + length), out)
      else for (let i = 0; i < length; i++) output[out + i] = input[at + i]!
      at += length
      out += length
      continue
    }
    if ((tag & 3) === 1) {
      length = ((tag >>> 2) & 7) + 4
      distance = ((tag >>> 5) << 8) | input[at]!
      at += 1
    } else if ((tag & 3) === 2) {
      length = (tag >>> 2) + 1
      distance = input[at]! | (input[at + 1]! << 8)
      at += 2
    } else {
      length = (tag >>> 2) + 1
      distance = (input[at]! | (input[at + 1]! << 8) | (input[at + 2]! << 16) | (input[at + 3]! << 24)) >>> 0
      at += 4
    }
    if (at > to || length > end - out) throw corrupt('a copy passes its end')
    if (distance === 0 || distance > out - start) throw corrupt('it copies from before its start')
    const source = out - distance
    if (length > 40 && distance >= length) output.copyWithin(out, source, source + length)
    else for (let i = 0; i < length; i++) output[out + i] = output[source + i]!
    out += length
  }
  if (out !== end) throw corrupt(`${out - start} bytes came out where it names ${size}`)
  return end
}

function corrupt(found: string): KafkaIoError {
  return new KafkaIoError('corrupt-batch', `A record batch is marked as snappy, but ${found}`)
}
