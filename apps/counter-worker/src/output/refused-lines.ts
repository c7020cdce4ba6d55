import { closeSync, openSync, writeSync } from 'node:fs'
import { ExitCode, ExitError, messageOf } from '@card/app-kit'
import { type RefusedLabel, type RefusedLine, refusedText } from './refused-text.js'

/** Takes lines that were not counted. */
export interface RefusedLines {
  add(why: string, line: RefusedLine): void
}

/** Characters gathered before they are written. */
const gatherLength = 64 * 1024

/**
 * A file of refused lines, one JSON object each. Written synchronously: a thousand long lines may come at once, and none
 * of them shall wait in memory.
 */
export class RefusedLineFile implements RefusedLines {
  readonly #path: string
  readonly #label: RefusedLabel
  readonly #file: number
  #gathered = ''

  /** @throws ExitError (1) when the file cannot be created */
  constructor(path: string, label: RefusedLabel) {
    this.#path = path
    this.#label = label
    this.#file = this.#writing(() => openSync(path, 'w'))
  }

  /** @throws ExitError (1) when the file cannot be written */
  add(why: string, line: RefusedLine): void {
    this.#gathered += `${refusedText(this.#label, why, line)}\n`
    if (this.#gathered.length >= gatherLength) this.flush()
  }

  /** Writes what was gathered. @throws ExitError (1) */
  flush(): void {
    if (this.#gathered === '') return
    const bytes = Buffer.from(this.#gathered)
    this.#gathered = ''
    this.#writing(() => {
      for (let from = 0; from < bytes.length; ) from += writeSync(this.#file, bytes, from)
    })
  }

  /** Writes what remains and closes the file. @throws ExitError (1) */
  close(): void {
    this.flush()
    this.#writing(() => closeSync(this.#file))
  }

  #writing<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw new ExitError(ExitCode.failed, [`cannot write ${this.#path}: ${messageOf(error)}`])
    }
  }
}
