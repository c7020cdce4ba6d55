import type { Transform } from 'node:stream'
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import { ZstdDecoder } from '@card/kafka-io/zstd'
import { compressionOf } from './magic-bytes.js'

/**
 * The plain bytes of a source, chunk by chunk; never more than one chunk ahead of the reader. A chunk of at least four
 * bytes may be overwritten by the source once the next one is asked for.
 *
 * @throws what the source throws; Error when compressed data is damaged or cut short
 */
export async function* decompressed(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]()
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
  const input = new Unread(chunks, head)
  if (kind === null) {
    for (let chunk = await input.next(); chunk !== null; chunk = await input.next()) yield chunk
    return
  }
  if (kind === 'zstd') return yield* zstdFrames(input)
  // A decoder ends where its member does: without the next one what follows would vanish.
  while (await input.skipZeros()) yield* oneMember(input, zlib.createGunzip())
}

type Decoder = Transform & zlib.Zlib

/** Decodes a member, and those behind it that the decoder goes on with by itself; what it does not take is left. */
async function* oneMember(input: Unread, decoder: Decoder): AsyncGenerator<Uint8Array> {
  // An error of the input reaches the reader through the decoder, as one of its own does.
  const feeding = feed(input, decoder).catch((error) => decoder.destroy(error))
  try {
    yield* decoder as AsyncIterable<Uint8Array>
    await feeding
  } finally {
    decoder.destroy()
  }
}

async function feed(input: Unread, decoder: Decoder): Promise<void> {
  let handed = 0
  for (let chunk = await input.next(); chunk !== null; chunk = await input.next()) {
    handed += chunk.length
    await promisify((done: (error?: Error | null) => void) => decoder.write(chunk, done))()
    const left = handed - decoder.bytesWritten
    if (left > 0) return input.unread(chunk.subarray(chunk.length - left))
  }
  decoder.end()
}

/** Chunks of an input that one decoder after the other reads. */
class Unread {
  readonly #chunks: AsyncIterator<Uint8Array>
  #waiting: Uint8Array

  constructor(chunks: AsyncIterator<Uint8Array>, head: Uint8Array) {
    this.#chunks = chunks
    this.#waiting = head
  }

  /** The next chunk, not empty; null: there is none. */
  async next(): Promise<Uint8Array | null> {
    while (this.#waiting.length === 0) {
      const { value, done } = await this.#chunks.next()
      if (done === true) return null
      this.#waiting = value
    }
    const chunk = this.#waiting
    this.#waiting = chunk.subarray(chunk.length)
    return chunk
  }

  /** Gives back the end of the chunk that was taken last. */
  unread(chunk: Uint8Array): void {
    this.#waiting = chunk
  }

  /** Zeros behind a member are padding, as tapes have it. @returns whether anything else is left */
  async skipZeros(): Promise<boolean> {
    for (let chunk = await this.next(); chunk !== null; chunk = await this.next()) {
      const first = chunk.findIndex((byte) => byte !== 0)
      if (first < 0) continue
      this.unread(chunk.subarray(first))
      return true
    }
    return false
  }
}

// By the same decoder on every Node: it takes less CPU than Node's stream (22.15 and newer), and no other thread.
async function* zstdFrames(input: Unread): AsyncGenerator<Uint8Array> {
  const decoder = new ZstdDecoder()
  for (let chunk = await input.next(); chunk !== null; chunk = await input.next())
    yield* decoder.decode(chunk)
  decoder.end()
}
