import { createReadStream, type Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { ExitCode, ExitError, messageOf } from '../exit.js'
import { compressionOf, decompressed } from './compression.js'

/** Takes the bytes of one input, in order. */
export interface ByteSink {
  /** Free space to read into, so that files are not copied. */
  reserve(size: number): Uint8Array
  /** That many bytes of the reserved space were filled. */
  commit(length: number): void
  /** Bytes that lie elsewhere, taken by copying. */
  write(chunk: Uint8Array): void
  /** Waits while the outputs are behind; called after each chunk. */
  settle(): Promise<void>
}

/** Bytes asked of a file at a time: large enough that a call costs nothing, small enough to stay in cache. */
const readSize = 256 * 1024

/**
 * Reads one input to its end into the sink, decompressing by content.
 *
 * @param path a file, or `-` for stdin
 * @param signal aborting it stops before the next chunk, without an error
 * @throws ExitError (1) when the input cannot be read or its compression is damaged
 */
export async function readSource(path: string, sink: ByteSink, signal: AbortSignal): Promise<void> {
  try {
    if (path === '-') await readStream(process.stdin, sink, signal)
    else await readFile(path, sink, signal)
  } catch (error) {
    if (signal.aborted) return
    if (error instanceof ExitError) throw error
    const name = path === '-' ? 'stdin' : path
    throw new ExitError(ExitCode.failed, [`cannot read ${name}: ${messageOf(error)}`])
  }
}

async function readFile(path: string, sink: ByteSink, signal: AbortSignal): Promise<void> {
  const file = await open(path, 'r')
  try {
    const status = await file.stat()
    if (status.isDirectory()) throw new ExitError(ExitCode.failed, [`cannot read ${path}: it is a directory`])
    if (!status.isFile() || (await looksCompressed(file, status))) {
      await readStream(createReadStream(path, { highWaterMark: readSize }), sink, signal)
      return
    }
    for (;;) {
      if (signal.aborted) return
      const space = sink.reserve(readSize)
      const { bytesRead } = await file.read(space, 0, space.length, null)
      if (bytesRead === 0) return
      sink.commit(bytesRead)
      await sink.settle()
    }
  } finally {
    await file.close()
  }
}

async function readStream(stream: Readable, sink: ByteSink, signal: AbortSignal): Promise<void> {
  // Waiting for the next chunk of a silent pipe ends with the signal, too.
  const stop = () => stream.destroy()
  signal.addEventListener('abort', stop, { once: true })
  try {
    if (signal.aborted) return
    for await (const chunk of decompressed(stream)) {
      if (signal.aborted) return
      sink.write(chunk)
      await sink.settle()
    }
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function looksCompressed(file: FileHandle, status: Stats): Promise<boolean> {
  if (status.size < 4) return false
  const head = new Uint8Array(4)
  // Reading at a position leaves the place from which the reading itself goes on.
  await file.read(head, 0, 4, 0)
  return compressionOf(head) !== null
}
