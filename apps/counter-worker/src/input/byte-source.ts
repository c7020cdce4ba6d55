import { constants, createReadStream, fstat, open as openDescriptor, readSync } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { ExitCode, ExitError, messageOf } from '../exit.js'
import { compressionOf, decompressed } from './compression.js'

/** Takes the bytes of one input, in order. */
export interface ByteSink {
  /** Free space to read into, so that files are not copied. */
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

/** Bytes asked of a file at a time: large enough that a call costs nothing, small enough to stay in cache. */
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
  if (path === '-') return readStream(name, process.stdin, sink, signal)
  if (kind.isFIFO()) return readStream(name, await reading(name, openPipe(path)), sink, signal)
  const file = await reading(path, open(path, 'r'))
  try {
    if (kind.isFile() && !(await reading(path, looksCompressed(file)))) {
      await readFile(path, file, sink, signal)
    } else {
      await readStream(path, createReadStream(path, { highWaterMark: readSize }), sink, signal)
    }
  } finally {
    await file.close()
  }
}

/** Files are read synchronously, a chunk at a time: a trip to the thread pool costs more than a chunk from the page cache. */
async function readFile(path: string, file: FileHandle, sink: ByteSink, signal: AbortSignal): Promise<void> {
  let turn = performance.now()
  while (!signal.aborted) {
    const space = sink.reserve(readSize)
    const length = await reading(path, () => readSync(file.fd, space, 0, space.length, null))
    if (length === 0) return
    sink.commit(length)
    await sink.settle()
    if (performance.now() - turn < longestTurn) continue
    await setImmediate()
    turn = performance.now()
  }
}

async function readStream(
  name: string,
  stream: Readable,
  sink: ByteSink,
  signal: AbortSignal,
): Promise<void> {
  // Waiting for the next chunk of a silent pipe ends with the signal, too.
  const stop = () => stream.destroy()
  signal.addEventListener('abort', stop, { once: true })
  const chunks = decompressed(stream)
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
    signal.removeEventListener('abort', stop)
    stream.destroy()
  }
}

/** Lets the sink know when the next chunk is long in coming. */
async function idleUntil(next: Promise<unknown>, sink: ByteSink): Promise<void> {
  if (sink.idle === undefined) return
  let timer: NodeJS.Timeout | undefined
  const idle = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, idleAfter, true)
  })
  const isIdle = await Promise.race([next.then(() => false), idle])
  clearTimeout(timer)
  if (isIdle) await sink.idle()
}

const statusOf = promisify(fstat)

/** A named pipe as a stream that waits for its writer in the event loop, where a signal is heard. */
async function openPipe(path: string): Promise<Readable> {
  const descriptor = await promisify(openDescriptor)(path, constants.O_RDONLY | constants.O_NONBLOCK)
  return new Socket({ fd: descriptor, readable: true, writable: false })
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

async function looksCompressed(file: FileHandle): Promise<boolean> {
  const head = new Uint8Array(4)
  // Reading at a position leaves the place from which the reading itself goes on.
  const { bytesRead } = await file.read(head, 0, 4, 0)
  return compressionOf(head.subarray(0, bytesRead)) !== null
}
