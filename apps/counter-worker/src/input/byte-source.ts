import { constants, createReadStream, fstat, open as openDescriptor, type Stats } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { ExitCode, ExitError, messageOf } from '../exit.js'
import { compressionOf, decompressed } from './compression.js'
import { chunksOf, type DirectSource, fileSource, headOf, nothingYet } from './direct-source.js'
import { Pipe } from './pipe.js'

/** Takes the bytes of one input, in order. */
export interface ByteSink {
  /** Free space to read into, so that files and pipes are not copied. */
  reserve(size: number): Uint8Array
  /** That many bytes of the reserved space were filled. */
  commit(length: number): void
  /** Bytes that lie elsewhere, taken by copying. */
  write(chunk: Uint8Array): void | Promise<void>
  /** Waits while the outputs are behind; called after each chunk. */
  settle(): Promise<void>
  /** No more bytes have come for a moment: what was put off until there are more is done. */
  idle?(): Promise<void>
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
 * @throws ExitError (1) when the input cannot be read or its compression is damaged
 */
export async function readSource(path: string, sink: ByteSink, signal: AbortSignal): Promise<void> {
  const name = path === '-' ? 'stdin' : path
  // Asked before it is opened: opening a named pipe waits for its writer, and nothing would end that wait.
  const kind = await reading(name, path === '-' ? statusOf(0) : stat(path))
  if (kind.isDirectory()) throw new ExitError(ExitCode.failed, [`cannot read ${name}: it is a directory`])
  if (isPipe(kind)) {
    const pipe = await reading(name, path === '-' ? () => new Pipe(0) : openPipe(path))
    return readDirect(name, pipe, sink, signal, () => pipe.close())
  }
  if (!kind.isFile()) {
    const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: readSize })
    return readChunks(name, stream, sink, signal, () => stream.destroy())
  }
  if (path === '-') return readDirect(name, fileSource(0), sink, signal)
  const file = await reading(path, open(path, 'r'))
  try {
    await readDirect(path, fileSource(file.fd), sink, signal)
  } finally {
    await file.close()
  }
}

/** Reads into the sink's own space, unless the bytes have to be decompressed. */
async function readDirect(
  name: string,
  source: DirectSource,
  sink: ByteSink,
  signal: AbortSignal,
  close: () => void = () => {},
): Promise<void> {
  signal.addEventListener('abort', close, { once: true })
  if (signal.aborted) close()
  try {
    const head = await reading(name, headOf(source, 4))
    if (compressionOf(head) !== null) {
      return await readChunks(name, chunksOf(head, source, readSize), sink, signal)
    }
    await sink.write(head)
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
  let turn = performance.now()
  while (!signal.aborted) {
    const space = sink.reserve(readSize)
    const length = await reading(name, () => source.read(space))
    if (length === 0) return
    if (length === nothingYet) {
      await idleUntil(source.ready(), sink)
      turn = performance.now()
      continue
    }
    sink.commit(length)
    await sink.settle()
    if (performance.now() - turn < longestTurn) continue
    await setImmediate()
    turn = performance.now()
  }
}

async function readChunks(
  name: string,
  source: AsyncIterable<Uint8Array>,
  sink: ByteSink,
  signal: AbortSignal,
  close: () => void = () => {},
): Promise<void> {
  // Waiting for the next chunk of a silent terminal ends with the signal, too.
  signal.addEventListener('abort', close, { once: true })
  const chunks = decompressed(source)
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
    }
  } finally {
    signal.removeEventListener('abort', close)
    close()
  }
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

const statusOf = promisify(fstat)

/** What can be read without waiting; on Windows a pipe cannot, and stays a stream. */
function isPipe(kind: Stats): boolean {
  return (kind.isFIFO() || kind.isSocket()) && process.platform !== 'win32'
}

/** A named pipe whose writer is waited for in the event loop, where a signal is heard. */
async function openPipe(path: string): Promise<Pipe> {
  return new Pipe(await promisify(openDescriptor)(path, constants.O_RDONLY | constants.O_NONBLOCK))
}

/** Names the input in what goes wrong with reading it. */
async function reading<T>(name: string, work: Promise<T> | (() => T)): Promise<T> {
  try {
    return await (typeof work === 'function' ? work() : work)
  } catch (error) {
    if (error instanceof ExitError) throw error
    throw new ExitError(ExitCode.failed, [`cannot read ${name}: ${messageOf(error)}`])
  }
}
