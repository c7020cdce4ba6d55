import { createWriteStream, fstatSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { isatty } from 'node:tty'

/**
 * Stdout, written without blocking the thread: Node writes pipes synchronously through `process.stdout`, and a reader that
 * stalls would keep a signal from being heard. Touching `process.stdout` itself would make the pipe non-blocking under a
 * file stream, which knows no EAGAIN (Node 20), so a pipe is written as the socket it is to the engine.
 */
export function standardOutput(): Writable {
  if (isatty(1)) return process.stdout
  // As BigInts, which Node keeps elsewhere: its realpathSync looks at the numbers of the last stat of anybody, and after
  // that of a pipe it takes symbolic links for what they name (Node 20), so that modules loaded later are not found.
  const kind = fstatSync(1, { bigint: true })
  if (kind.isFIFO() || kind.isSocket()) return new Socket({ fd: 1, readable: false, writable: true })
  return createWriteStream('', { fd: 1, autoClose: false })
}
