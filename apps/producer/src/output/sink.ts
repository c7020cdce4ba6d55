import { type FileHandle, open, stat } from 'node:fs/promises'
import { ExitCode, ExitError, messageOf, statusLine } from '@card/app-kit'
import { OutputClosed } from './output-closed.js'

/** Where the bytes go. */
export interface Sink {
  /** Bytes a write should aim at. */
  readonly writeSize: number
  /**
   * Writes all the bytes; the buffer may be used again when the promise is fulfilled.
   *
   * @throws OutputClosed when the reader has gone, ExitError (1) otherwise
   */
  write(bytes: Uint8Array): Promise<void>
  close(): Promise<void>
}

/** Standard output. */
export function stdoutSink(): Sink {
  const { stdout } = process
  // A failed write calls back with the error and emits it too; unheard, the second would end the process.
  stdout.on('error', () => {})
  return {
    // Smaller and larger writes were slower into a pipe (Node 20, Linux).
    writeSize: 1 << 18,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        // On a terminal the frames scroll above the progress line.
        if (stdout.isTTY) statusLine.clear()
        stdout.write(bytes, (error) => (error ? reject(outputFailure('stdout', error)) : resolve()))
      }),
    close: async () => {},
  }
}

/** A file or device, created or emptied. @throws ExitError (1) */
export async function fileSink(path: string): Promise<Sink> {
  let file: FileHandle
  // A write into a pipe that nobody reads would hold a thread, and with it the end of the process: pipes are for stdout.
  if ((await stat(path).catch(() => null))?.isFIFO()) {
    throw new ExitError(ExitCode.failed, [
      `--out ${path}: expected a file, found a pipe; write to stdout instead`,
    ])
  }
  try {
    file = await open(path, 'w')
  } catch (error) {
    throw outputFailure(path, error)
  }
  return {
    writeSize: 1 << 19,
    async write(bytes) {
      try {
        for (let from = 0; from < bytes.length; ) {
          from += (await file.write(bytes, from, bytes.length - from)).bytesWritten
        }
      } catch (error) {
        throw outputFailure(path, error)
      }
    },
    close: () => file.close(),
  }
}

function outputFailure(name: string, error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED')
    return new OutputClosed(`${name} was closed by its reader`)
  return new ExitError(ExitCode.failed, [`cannot write ${name}: ${messageOf(error)}`])
}
