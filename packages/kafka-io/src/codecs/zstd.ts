import { createRequire } from 'node:module'
import * as zlib from 'node:zlib'
import { Decompress } from 'fzstd'
import { KafkaIoError } from '../errors.js'
import { type GrowingBytes, tooLarge } from './growing-bytes.js'

// Node has zstd from 22.15 on; the types of Node 20 do not know it.
const native = zlib as unknown as {
  zstdDecompressSync?: (input: Uint8Array, options: { maxOutputLength: number }) => Uint8Array
  zstdCompressSync?: (input: Uint8Array) => Buffer
}

/**
 * Decompresses zstd frames into `into`, from its start on: by Node where it can, else in JavaScript (fzstd, some
 * 180 MB/s).
 *
 * @returns the end of what was written
 * @throws `corrupt-batch`, `batch-too-large`
 */
export function decompressZstd(input: Uint8Array, into: GrowingBytes): number {
  try {
    return native.zstdDecompressSync === undefined ? inJavaScript(input, into) : byNode(input, into)
  } catch (error) {
    if (error instanceof KafkaIoError) throw error
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(into.limit)
    throw new KafkaIoError(
      'corrupt-batch',
      'A record batch is said to hold zstd frames, but they cannot be read',
      {
        cause: error,
      },
    )
  }
}

/**
 * Compresses with zstd: by Node from 22.15 on, else by the package zstd-napi where it is installed.
 *
 * @throws `codec-missing`
 */
export function compressZstd(input: Uint8Array): Buffer {
  if (native.zstdCompressSync !== undefined) return native.zstdCompressSync(input)
  return zstdNapi().compress(input)
}

function byNode(input: Uint8Array, into: GrowingBytes): number {
  const output = native.zstdDecompressSync!(input, { maxOutputLength: into.limit })
  return into.append(output)
}

// Streamed, so that a bomb is noticed at the bound and not after it.
function inJavaScript(input: Uint8Array, into: GrowingBytes): number {
  let written = into.start
  const stream = new Decompress((chunk) => {
    into.reserve(written + chunk.length, written).set(chunk, written)
    written += chunk.length
  })
  // A whole frame pushed at once would be expanded at once, whatever its size.
  const step = 16 * 1024
  for (let at = 0; at < input.length; at += step) {
    stream.push(input.subarray(at, at + step), at + step >= input.length)
  }
  return written
}

interface ZstdNapi {
  compress(input: Uint8Array): Buffer
}

let loaded: ZstdNapi | null = null

function zstdNapi(): ZstdNapi {
  try {
    loaded ??= createRequire(import.meta.url)('zstd-napi') as ZstdNapi
    return loaded
  } catch (error) {
    throw new KafkaIoError(
      'codec-missing',
      `Writing zstd needs Node 22.15 or newer, or the package zstd-napi; this is Node ${process.versions.node} ` +
        'without it: choose lz4, or install one of them',
      { cause: error },
    )
  }
}
