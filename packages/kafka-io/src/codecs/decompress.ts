import { gunzipSync } from 'node:zlib'
import { KafkaIoError } from '../errors.js'
import { GrowingBytes, tooLarge } from './growing-bytes.js'
import { decompressLz4 } from './lz4.js'
import { decompressSnappy } from './snappy.js'
import { decompressZstd } from './zstd.js'

/** The codecs by their number in a record batch's attributes. */
export const codecNames = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
export type CodecName = (typeof codecNames)[number]

/** Decompresses the records of batches into one buffer, reused from batch to batch, never beyond `limit` bytes. */
export class Decompressor {
  readonly #into: GrowingBytes

  constructor(limit: number) {
    this.#into = new GrowingBytes(limit)
  }

  /**
   * @param codec 1 to 4
   * @returns the records' bytes; valid until the next call
   * @throws `corrupt-batch`, `batch-too-large`, `codec-missing`
   */
  decompress(codec: number, input: Uint8Array): Uint8Array {
    const into = this.#into
    if (codec === 1) return gunzip(input, into.limit)
    if (codec === 2) return whole(into, decompressSnappy(input, into))
    if (codec === 3) return whole(into, decompressLz4(input, into))
    if (codec === 4) return whole(into, decompressZstd(input, into))
    throw new KafkaIoError(
      'codec-missing',
      `A record batch names codec ${codec}; known are 0 to 4 (${codecNames.join(', ')})`,
    )
  }
}

function whole(into: GrowingBytes, length: number): Uint8Array {
  return into.bytes.subarray(0, length)
}

function gunzip(input: Uint8Array, limit: number): Uint8Array {
  try {
    // The one-shot form heeds maxOutputLength while it writes; zlib's streams ignore it.
    return gunzipSync(input, { maxOutputLength: limit })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit)
    throw new KafkaIoError('corrupt-batch', 'A record batch is said to hold gzip, but it cannot be read', {
      cause: error,
    })
  }
}
