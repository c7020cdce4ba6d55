import { writeSync } from 'node:fs'
import { ExitCode } from '../exit/exit-code.js'
import { ExitError, messageOf } from '../exit/exit-error.js'

/** ms between attempts where stdout is a full pipe that does not block. */
const pause = 5

/**
 * Writes text to stdout at once. A reader that has gone is no failure: what is left is dropped.
 *
 * @throws ExitError (1) when stdout cannot be written
 */
export function printText(text: string): void {
  let left = Buffer.from(text)
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(1, left))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EPIPE') return
      if (code !== 'EAGAIN')
        throw new ExitError(ExitCode.failed, [`cannot write stdout: ${messageOf(error)}`])
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause)
    }
  }
}
