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

/** Compresses frames of zstd at its default level: by Node from 22.15 on, else by the WebAssembly of wasm-zstd. */
export async function zstdCompressor(): Promise<(input: Uint8Array) => Uint8Array> {
  const { zstdCompressSync } = native
  if (zstdCompressSync !== undefined) return (input) => zstdCompressSync(input)
  // Loaded where it is wanted: half a megabyte that only those who write zstd on an older Node need.
  const { Zstd } = await import('@hpcc-js/wasm-zstd')
  const zstd = await Zstd.load()
  return (input) => zstd.compress(input)
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
