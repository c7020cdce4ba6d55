import {
  type BigIntStats,
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  openSync,
  open as openWaiting,
  statSync,
} from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { ExitCode, ExitError, messageOf } from '@card/app-kit'
import { chunksOf, type DirectSource, fileSource, headOf, nothingYet } from './direct-source.js'
import { headSize } from './formats.js'
import { foreignFormat } from './look-at-files.js'
import { type Compression, compressionOf } from './magic-bytes.js'
import type { Pipe } from './pipe.js'

/** Takes the bytes of one input, in order. */
export interface ByteSink {
  /** Free space to read into, so that files and pipes are not copied. */
  reserve(size: number): Uint8Array
  /** That many bytes of the reserved space were filled. */
  commit(length: number): void
  /** Bytes that lie elsewhere, taken by copying. */
  write(chunk: Uint8Array): void | Promise<void>
  /** Called after each chunk. A promise while the outputs are behind, which is to be waited for. */
  settle(): Promise<void> | undefined
  /** No more bytes have come for a moment: what was put off until there are more is done. */
  idle?(): Promise<void>
}

/** What is known of the inputs that were read. */
export interface ReadMeter {
  /** Bytes as they lie there: compressed inputs count by their compressed bytes. */
  bytes: number
  /** Of the inputs that are compressed. */
  readonly compressions: Map<string, Compression>
}

/** Of no input yet. */
export function newMeter(): ReadMeter {
  return { bytes: 0, compressions: new Map() }
}

/** Milliseconds after which signals and timers have their turn. */
const longestTurn = 10

/** Milliseconds after which a stream that gives nothing is idle. */
const idleAfter = 1

/** Bytes asked for at a time: large enough that a call costs nothing, small enough to stay in cache. */
export const readSize = 256 * 1024

/**
 * Reads one input to its end into the sink, decompressing by content. What the sink throws is passed on as it is.
 *
 * @param path a file, or `-` for stdin
 * @param signal aborting it stops before the next chunk, without an error
 * @param meter counts on
 * @throws ExitError (1) when the input cannot be read, begins as a format that is not, or its compression is damaged
 */
export async function readSource(
  path: string,
  sink: ByteSink,
  signal: AbortSignal,
  meter: ReadMeter = newMeter(),
): Promise<void> {
  const name = path === '-' ? 'stdin' : path
  // Asked before it is opened: opening a named pipe waits for its writer, and nothing would end that wait. In big
  // integers for the reason given in settings/shared-paths.ts.
  const bigint = true
  const kind = await reading(name, () =>
    path === '-' ? fstatSync(0, { bigint }) : statSync(path, { bigint }),
  )
  if (kind.isDirectory()) throw new ExitError(ExitCode.failed, [`cannot read ${name}: it is a directory`])
  if (isPipe(kind)) {
    const pipe = await reading(name, openPipe(path))
    return readDirect(name, pipe, meter, sink, signal, () => pipe.close())
  }
  if (!kind.isFile()) {
    const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: readSize })
    return readChunks(name, null, stream, sink, signal, () => stream.destroy())
  }
  if (path === '-') return readDirect(name, fileSource(0), meter, sink, signal)
  const file = await reading(path, () => openSync(path, 'r'))
  try {
    await readDirect(path, fileSource(file), meter, sink, signal)
  } finally {
    closeSync(file)
  }
}

/** Reads into the sink's own space, unless the bytes have to be decompressed. */
async function readDirect(
  name: string,
  unmetered: DirectSource,
  meter: ReadMeter,
  sink: ByteSink,
  signal: AbortSignal,
  close: () => void = () => {},
): Promise<void> {
  const source = metered(unmetered, meter)
  signal.addEventListener('abort', close, { once: true })
  if (signal.aborted) close()
  try {
    const head = await reading(name, headOf(source, headSize, isTelling))
    const compression = compressionOf(head)
    if (compression !== null) {
      meter.compressions.set(name, compression)
      return await readChunks(name, compression, chunksOf(head, source, readSize), sink, signal)
    }
    refuseForeign(name, head, null)
    await sink.write(head)
    await sink.settle()
    await readPlain(name, source, sink, signal)
  } finally {
    signal.removeEventListener('abort', close)
    close()
  }
}

async function readPlain(
  name: string,
  source: DirectSource,
  sink: ByteSink,
  signal: AbortSignal,
): Promise<void> {
  let end = performance.now() + longestTurn
  while (!signal.aborted) {
    const found = readUntil(end, name, source, sink)
    if (found === 'end') return
    if (found === 'nothing yet') await idleUntil(source.ready(), sink)
    else {
      await found
      if (performance.now() < end) continue
      await setImmediate()
    }
    end = performance.now() + longestTurn
  }
}

/**
 * Reads until there is nothing to read, something has to be waited for, or others have their turn: the chunks in
 * between are not worth a promise each.
 *
 * @param end of the turn, by the monotonic clock
 */
function readUntil(
  end: number,
  name: string,
  source: DirectSource,
  sink: ByteSink,
): 'end' | 'nothing yet' | Promise<void> | undefined {
  do {
    const space = sink.reserve(readSize)
    const length = read(name, source, space)
    if (length === 0) return 'end'
    if (length === nothingYet) return 'nothing yet'
    sink.commit(length)
    const settled = sink.settle()
    if (settled !== undefined) return settled
  } while (performance.now() < end)
  return undefined
}

/** @param compression of the source; null: none, or it is not known yet */
async function readChunks(
  name: string,
  compression: Compression | null,
  source: AsyncIterable<Uint8Array>,
  sink: ByteSink,
  signal: AbortSignal,
  close: () => void = () => {},
): Promise<void> {
  // Waiting for the next chunk of a silent terminal ends with the signal, too.
  signal.addEventListener('abort', close, { once: true })
  // Loaded where it is wanted: most inputs are not compressed.
  const { decompressed } = await import('./compression.js')
  const chunks = withoutForeign(name, compression, decompressed(source))
  let turn = performance.now()
  try {
    while (!signal.aborted) {
      const next = reading(name, chunks.next()).catch((error) => {
        if (signal.aborted) return { done: true, value: undefined } as const
        throw error
      })
      await idleUntil(next, sink)
      const { value, done } = await next
      if (done === true || signal.aborted) return
      await sink.write(value)
      await sink.settle()
      if (performance.now() - turn < longestTurn) continue
      await setImmediate()
      turn = performance.now()
    }
  } finally {
    signal.removeEventListener('abort', close)
    close()
  }
}

function metered(source: DirectSource, meter: ReadMeter): DirectSource {
  return {
    read(space) {
      const length = source.read(space)
      if (length > 0) meter.bytes += length
      return length
    },
    ready: () => source.ready(),
  }
}

/**
 * Whether the first bytes tell the format. Waiting for more keeps nothing back while no line is whole: before the first
 * LF there is nothing to count.
 */
function isTelling(head: Uint8Array): boolean {
  return head.length >= 4 && (head.includes(0x0a) || compressionOf(head) !== null)
}

/** @throws ExitError (1) when an input that begins so is not read */
function refuseForeign(name: string, head: Uint8Array, compression: Compression | null): void {
  const problem = foreignFormat(name, head, compression)
  if (problem !== null) throw new ExitError(ExitCode.failed, [problem])
}

/** The same chunks, the first ones joined until they tell the format. @throws ExitError (1) when that is not read */
async function* withoutForeign(
  name: string,
  compression: Compression | null,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  let head: Uint8Array | null = new Uint8Array(0)
  for await (const chunk of chunks) {
    if (head === null) {
      yield chunk
      continue
    }
    head = Buffer.concat([head, chunk])
    if (head.length < headSize && !isTelling(head)) continue
    refuseForeign(name, head.subarray(0, headSize), compression)
    yield head
    head = null
  }
  if (head === null || head.length === 0) return
  refuseForeign(name, head, compression)
  yield head
}

/** Lets the sink know when the next chunk is long in coming. */
async function idleUntil(next: Promise<unknown>, sink: ByteSink): Promise<void> {
  if (sink.idle === undefined) {
    await next
    return
  }
  let timer: NodeJS.Timeout | undefined
  const idle = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, idleAfter, true)
  })
  const isIdle = await Promise.race([next.then(() => false), idle])
  clearTimeout(timer)
  if (isIdle) await sink.idle()
  await next
}

/** What can be read without waiting; on Windows a pipe cannot, and stays a stream. */
function isPipe(kind: BigIntStats): boolean {
  return (kind.isFIFO() || kind.isSocket()) && process.platform !== 'win32'
}

/** Stdin, or a named pipe whose writer is waited for in the event loop, where a signal is heard. */
async function openPipe(path: string): Promise<Pipe> {
  const { Pipe } = await import('./pipe.js')
  if (path === '-') return new Pipe(0)
  return new Pipe(await promisify(openWaiting)(path, constants.O_RDONLY | constants.O_NONBLOCK))
}

function read(name: string, source: DirectSource, space: Uint8Array): number {
  try {
    return source.read(space)
  } catch (error) {
    throw unreadable(name, error)
  }
}

/** Names the input in what goes wrong with reading it. */
async function reading<T>(name: string, work: Promise<T> | (() => T)): Promise<T> {
  try {
    return await (typeof work === 'function' ? work() : work)
  } catch (error) {
    throw unreadable(name, error)
  }
}

function unreadable(name: string, error: unknown): ExitError {
  if (error instanceof ExitError) return error
  return new ExitError(ExitCode.failed, [`cannot read ${name}: ${messageOf(error)}`])
}
