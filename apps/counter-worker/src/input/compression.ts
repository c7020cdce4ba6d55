import { pipeline, type Readable, type Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { ExitCode, ExitError } from '../exit.js'

/** The compression that the first four bytes of an input declare; JSON text can begin with none of them. */
export function compressionOf(head: Uint8Array): 'gzip' | 'zstd' | null {
  if (head.length < 4) return null
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd'
  return null
}

/**
 * The plain bytes of a stream, chunk by chunk; never more than one chunk ahead of the reader.
 *
 * @throws what the stream throws; Error when compressed data is damaged or cut short
 */
export async function* decompressed(stream: Readable): AsyncGenerator<Uint8Array> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  const start: Uint8Array[] = []
  let length = 0
  while (length < 4) {
    const { value, done } = await chunks.next()
    if (done === true) break
    start.push(value)
    length += value.length
  }
  const head = start.length === 1 ? start[0]! : Buffer.concat(start)
  const kind = compressionOf(head)
  const plain = resumed(head, chunks)
  if (kind === null) {
    yield* plain
    return
  }
  const decoder = kind === 'gzip' ? zlib.createGunzip() : zstdDecoder()
  // The pipeline hands an error of either side to the reader of the decoder.
  yield* pipeline(plain, decoder, () => {}) as AsyncIterable<Uint8Array>
}

async function* resumed(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head
  for (;;) {
    const { value, done } = await rest.next()
    if (done === true) return
    yield value
  }
}

function zstdDecoder(): Transform {
  const create = (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress
  if (create === undefined) {
    throw new ExitError(ExitCode.failed, [
      'the input is compressed with zstd, which this Node does not read: use Node 22.15 or newer, or pipe it through zstdcat',
    ])
  }
  return create()
}
