import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { createGunzip } from 'node:zlib'
import { ExitCode, ExitError, messageOf } from '@card/app-kit'

const chunkSize = 1 << 20

/** A file's size in bytes; null where it is no plain file. @throws ExitError (1) where there is none */
export async function fileSize(path: string): Promise<number | null> {
  if (path === '-') return null
  try {
    const found = await stat(path)
    if (found.isDirectory()) throw new Error('it is a directory')
    return found.isFile() ? found.size : null
  } catch (error) {
    throw inputFailure(path, error)
  }
}

/**
 * The bytes of a file or stdin (`-`), unpacked where they are gzip.
 *
 * @param signal ends the bytes early, without an error
 * @param onRead is told the bytes read from the file
 * @throws ExitError (1)
 */
export async function* fileBytes(
  path: string,
  signal: AbortSignal,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: chunkSize })
  // Waiting for the next bytes of a silent pipe ends with the signal, too.
  const stop = () => stream.destroy()
  signal.addEventListener('abort', stop, { once: true })
  try {
    if (signal.aborted) return
    yield* unpacked(stream, onRead)
  } catch (error) {
    if (!signal.aborted) throw inputFailure(path, error)
  } finally {
    signal.removeEventListener('abort', stop)
    stream.destroy()
  }
}

async function* unpacked(stream: Readable, onRead: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let head: Buffer = Buffer.alloc(0)
  while (head.length < 2) {
    const { value, done } = await chunks.next()
    if (done === true) break
    onRead(value.length)
    head = Buffer.concat([head, value])
  }
  const plain = resumed(head, chunks, onRead)
  // The two bytes that begin gzip (RFC 1952); JSON text can begin with neither.
  if (head[0] === 0x1f && head[1] === 0x8b) {
    yield* gunzipped(plain)
  } else yield* plain
}

/**
 * Zeros behind the last member are padding, as tapes have it. Node's decoder ends at the first of them and lets what
 * follows vanish; here it is an error.
 */
async function* gunzipped(packed: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = createGunzip()
  const feed = async () => {
    let handed = 0
    let ended = false
    for await (const chunk of packed) {
      if (!ended) {
        handed += chunk.length
        await promisify((done: (error?: Error | null) => void) => decoder.write(chunk, done))()
      }
      const left: number = ended ? chunk.length : handed - decoder.bytesWritten
      ended ||= left > 0
      if (chunk.subarray(chunk.length - left).some((byte) => byte !== 0))
        throw new Error('other bytes behind the zeros after a gzip member')
    }
    if (!ended) decoder.end()
  }
  const feeding = feed()
  // Before the end of the decoder it hands the error to the reader; behind it, the wait below does.
  feeding.catch((error) => decoder.destroy(error))
  try {
    yield* decoder as AsyncIterable<Uint8Array>
    await feeding
  } finally {
    decoder.destroy()
  }
}

async function* resumed(
  head: Buffer,
  rest: AsyncIterator<Buffer>,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head
  for (;;) {
    const { value, done } = await rest.next()
    if (done === true) return
    onRead(value.length)
    yield value
  }
}

function inputFailure(path: string, error: unknown): ExitError {
  const name = path === '-' ? 'stdin' : path
  const problem =
    error instanceof ExitError ? `${name}: ${error.message}` : `cannot read ${name}: ${messageOf(error)}`
  return new ExitError(ExitCode.failed, [problem], { cause: error })
}
