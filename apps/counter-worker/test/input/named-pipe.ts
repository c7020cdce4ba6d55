import { spawnSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { temporaryFolder } from '@card/testing/temporary-folder'

const folder = temporaryFolder('pipes')

/** Bytes that a pipe holds while nobody reads it, as Linux makes it. */
export const pipeCapacity = 64 * 1024

/** The writing side of a named pipe of its own. */
export class NamedPipe {
  readonly path = join(mkdtempSync(join(folder, 'pipe-')), 'pipe')
  #descriptor = -1

  constructor() {
    spawnSync('mkfifo', [this.path])
  }

  /** Resolves when somebody has opened it to read. */
  async open(): Promise<void> {
    await retrying('ENXIO', () => {
      this.#descriptor = openSync(this.path, constants.O_WRONLY | constants.O_NONBLOCK)
    })
  }

  /** Resolves when there was room for all of the bytes. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length; ) {
      await retrying('EAGAIN', () => {
        from += writeSync(this.#descriptor, bytes, from)
      })
    }
  }

  /** Writes over and over until there is no room. @returns how many bytes there was room for */
  fill(bytes: Uint8Array): number {
    let written = 0
    try {
      for (;;) written += writeSync(this.#descriptor, bytes)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      return written
    }
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}

async function retrying(code: string, work: () => void): Promise<void> {
  for (;;) {
    try {
      return work()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== code) throw error
      await setImmediate()
    }
  }
}
