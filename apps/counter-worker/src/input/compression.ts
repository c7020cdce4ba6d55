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
  if (kind === 'zstd') yield* through(zstdDecoder(), plain)
  else yield* gunzipped(plain)
}

/** What a decoder makes of the chunks; the pipeline hands an error of either side to the reader. */
function through(decoder: Transform, chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return pipeline(chunks, decoder, () => {}) as AsyncIterable<Uint8Array>
}

/**
 * Zeros behind the last member are padding, as tapes have it, where Node's decoder ends. What follows them is judged
 * here, for the decoder would let it vanish: a damaged first byte of a member would lose that member and all behind it.
 */
async function* gunzipped(compressed: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = zlib.createGunzip()
  const handed: { readonly chunk: Uint8Array; readonly from: number }[] = []
  let length = 0
  async function* handing(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const { value, done } = await compressed.next()
      if (done === true) return
      while (handed.length > 0 && handed[0]!.from + handed[0]!.chunk.length <= decoder.bytesWritten)
        handed.shift()
      handed.push({ chunk: value, from: length })
      length += value.length
      yield value
    }
  }
  yield* through(decoder, handing())
  for await (const chunk of compressed) onlyZeros(chunk)
  // Last, since the decoder may have asked for one more chunk that came only after its end.
  for (const { chunk, from } of handed) onlyZeros(chunk.subarray(Math.max(0, decoder.bytesWritten - from)))
}

function onlyZeros(padding: Uint8Array): void {
  if (padding.some((byte) => byte !== 0)) {
    throw new Error('expected a gzip member or zeros to the end, found other bytes behind zeros')
  }
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
