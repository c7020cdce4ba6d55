import { readdirSync, readFileSync } from 'node:fs'
import { Decompressor } from '../../src/codecs/decompress.js'
import { ZstdDecoder } from '../../src/codecs/zstd-decoder.js'
import { KafkaIoError } from '../../src/errors.js'
import { zstdContents } from './zstd-contents.js'

export const megabyte = 1024 * 1024
const folder = new URL('../fixtures/zstd/', import.meta.url)
/** Frames that the zstd command wrote. */
export const fixtures = readdirSync(folder).map((name) => ({
  name,
  packed: readFileSync(new URL(name, folder)),
}))

/** What the fixture of this name was made of. */
export function contentOf(name: string): Buffer {
  return zstdContents[name.split('.')[0]!]!()
}

/** A batch, whole. */
export function decompress(packed: Uint8Array, decompressor = new Decompressor(64 * megabyte)): Buffer {
  decompressor.clear()
  const start = decompressor.decompress(4, packed)
  return Buffer.from(decompressor.bytes.subarray(start, decompressor.end))
}

/** A stream, in chunks of this length. */
export function inPieces(packed: Uint8Array, cut: number): Buffer {
  const decoder = new ZstdDecoder()
  const pieces: Buffer[] = []
  for (let at = 0; at < packed.length; at += cut) {
    for (const piece of decoder.decode(packed.subarray(at, at + cut))) pieces.push(Buffer.from(piece))
  }
  decoder.end()
  return Buffer.concat(pieces)
}

/** The code of the error that the work throws, if it does. */
export function codeOf(work: () => unknown): string | null {
  try {
    work()
    return null
  } catch (error) {
    if (error instanceof KafkaIoError) return error.code
    throw error
  }
}
