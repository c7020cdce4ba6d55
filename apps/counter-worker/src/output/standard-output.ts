import { createWriteStream } from 'node:fs'
import { Socket } from 'node:net'
import { Writable } from 'node:stream'
import { isatty } from 'node:tty'
import { statusLine } from '@card/app-kit'

/**
 * Stdout, written without blocking the thread: Node writes pipes synchronously through `process.stdout`, and a reader that
 * stalls would keep a signal from being heard. Touching `process.stdout` itself would make the pipe non-blocking under a
 * file stream, which knows no EAGAIN (Node 20), so a pipe is written as the socket it is to the engine.
 */
export function standardOutput(): Writable {
  if (isatty(1)) return terminal()
  try {
    return new Socket({ fd: 1, readable: false, writable: true })
  } catch {
    // It is no pipe. Not asked by fstatSync: after that, on a pipe, import() finds no package behind a symbolic link
    // any more (Node 20.20).
    return createWriteStream('', { fd: 1, autoClose: false })
  }
}

/** A terminal: results scroll above the progress line, which the next update draws again. */
function terminal(): Writable {
  const stream = new Writable({
    decodeStrings: false,
    write(text, _encoding, done) {
      statusLine.clear()
      process.stdout.write(text, done)
    },
  })
  process.stdout.on('error', (error) => stream.destroy(error))
  return stream
}
