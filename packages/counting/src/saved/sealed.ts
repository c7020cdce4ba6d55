import { CountingError } from '../errors.js'
import { ByteReader, type ByteWriter } from './bytes.js'
import { crc32c } from './crc32c.js'

// Everything that is saved or sent begins with a version byte and ends with a crc32c of all bytes before it. Every later
// format must keep both, so that its bytes can be told from damaged ones.

const crcBytes = 4

/** Appends the checksum and returns the bytes. */
export function seal(writer: ByteWriter): Uint8Array {
  writer.u32(crc32c(writer.written()))
  return writer.take()
}

/** The checksum at the end of sealed bytes. @throws CountingError corrupt-state */
export function sealOf(bytes: Uint8Array): number {
  const end = bytes.length - crcBytes
  if (end < 1) throw corrupt('at least 5 bytes', `${bytes.length}`)
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(end, true)
}

/**
 * Verifies sealed bytes and returns a reader positioned after the version byte.
 *
 * @param what names the bytes in messages: `a manifest`
 * @throws CountingError corrupt-state (cut short or changed), newer-format
 */
export function unseal(bytes: Uint8Array, what: string, format: number): ByteReader {
  const end = bytes.length - crcBytes
  if (sealOf(bytes) !== crc32c(bytes, 0, end)) {
    throw corrupt(`${what} that ends with its checksum`, 'one that was cut short or changed')
  }
  const reader = new ByteReader(bytes.subarray(0, end))
  const found = reader.u8()
  if (found > format) {
    throw new CountingError(
      'newer-format',
      `Expected ${what} of format ${format} or older, found format ${found}; read it with the release that wrote it, or a later one.`,
    )
  }
  if (found < 1) throw corrupt(`${what} of format ${format} or older`, `format ${found}`)
  return reader
}

export function corrupt(expected: string, found: string): CountingError {
  return new CountingError(
    'corrupt-state',
    `Expected ${expected}, found ${found}; restore from an earlier state, or reset it.`,
  )
}
