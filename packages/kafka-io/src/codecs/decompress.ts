import { gunzipSync } from 'node:zlib'
import { KafkaIoError } from '../errors.js'
import type { Kernel } from '../wasm/kernel.js'
import { GrowingBytes, tooLarge } from './growing-bytes.js'
import { decompressLz4 } from './lz4.js'
import { decompressSnappy } from './snappy.js'
import { decompressZstd } from './zstd.js'

/** The codecs by their number in a record batch's attributes. */
export const codecNames = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
/** A codec by its name. */
export type CodecName = (typeof codecNames)[number]

/**
 * Decompresses the records of batches into one buffer, each behind the one before until `clear()`, and each of them
 * never beyond `limit` bytes.
 */
export class Decompressor {
  readonly #into: GrowingBytes

  /** @param kernel by default a new one; null: JavaScript does it all */
  constructor(limit: number, kernel?: Kernel | null) {
    this.#into = new GrowingBytes(limit, kernel)
  }

  /** What has been decompressed since `clear()`; another array after the next call of `decompress`. */
  get bytes(): Uint8Array {
    return this.#into.bytes
  }

  /** The end of what has been decompressed. */
  get end(): number {
    return this.#into.start
  }

  clear(): void {
    this.#into.start = 0
  }

  /**
   * @param codec 1 to 4
   * @returns where in `bytes` the records begin; they end at `end`
   * @throws `corrupt-batch`, `batch-too-large`, `codec-missing`
   */
  decompress(codec: number, input: Uint8Array): number {
    const into = this.#into
    const { start } = into
    into.start = this.#decompress(codec, input, into)
    return start
  }

  #decompress(codec: number, input: Uint8Array, into: GrowingBytes): number {
    if (codec === 1) return into.append(gunzip(input, into.limit))
    if (codec === 2) return decompressSnappy(input, into)
    if (codec === 3) return decompressLz4(input, into)
    if (codec === 4) return decompressZstd(input, into)
    throw new KafkaIoError(
      'codec-missing',
      `A record batch names codec ${codec}; known codecs are 0 to 4 (${codecNames.join(', ')})`,
    )
  }
}

function gunzip(input: Uint8Array, limit: number): Uint8Array {
  try {
    // The one-shot form heeds maxOutputLength while it writes; zlib's streams ignore it.
    return gunzipSync(input, { maxOutputLength: limit })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit)
    throw new KafkaIoError('corrupt-batch', 'A record batch is marked as gzip but cannot be decompressed', {
      cause: error,
    })
  }
}
