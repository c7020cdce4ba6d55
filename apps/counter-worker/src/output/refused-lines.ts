import { closeSync, openSync, writeSync } from 'node:fs'
import { ExitCode, ExitError, messageOf } from '@card/app-kit'
import type { RefusedLine } from '@card/counting'
import { type RefusedLabel, refusedText } from './refused-text.js'

/** Takes lines that were not counted. */
export interface RefusedLines {
  add(why: string, line: RefusedLine): void
}

/** Characters gathered before they are written. */
const gatherLength = 64 * 1024

/**
 * A file of refused lines, one JSON object each. Written synchronously: a thousand long lines may come at once, and none
 * of them shall wait in memory. A failure is thrown by the next `flush`, not in the middle of a batch, so that the sums
 * of that batch add up.
 */
export class RefusedLineFile implements RefusedLines {
  readonly #path: string
  readonly #label: RefusedLabel
  readonly #file: number
  #gathered = ''
  #failure: unknown = null

  /** @throws ExitError (1) when the file cannot be created */
  constructor(path: string, label: RefusedLabel) {
    this.#path = path
    this.#label = label
    this.#file = this.#writing(() => openSync(path, 'w'))
  }

  add(why: string, line: RefusedLine): void {
    if (this.#failure !== null) return
    this.#gathered += `${refusedText(this.#label, why, line)}\n`
    if (this.#gathered.length >= gatherLength) this.#write()
  }

  /** Writes what was gathered. @throws ExitError (1), also for what could not be written before */
  flush(): void {
    if (this.#gathered !== '') this.#write()
    if (this.#failure !== null) throw this.#failure
  }

  /** Writes what remains and closes the file. @throws ExitError (1) */
  close(): void {
    try {
      this.flush()
    } finally {
      this.#writing(() => closeSync(this.#file))
    }
  }

  #write(): void {
    const bytes = Buffer.from(this.#gathered)
    this.#gathered = ''
    try {
      this.#writing(() => {
        for (let from = 0; from < bytes.length; ) from += writeSync(this.#file, bytes, from)
      })
    } catch (error) {
      this.#failure = error
    }
  }

  #writing<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw new ExitError(ExitCode.failed, [`cannot write ${this.#path}: ${messageOf(error)}`])
    }
  }
}
