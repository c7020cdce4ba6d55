import { closeSync, openSync, writeSync } from 'node:fs'
import { ExitCode, ExitError, messageOf } from '../exit.js'

/** A line that was not counted, and where it stood. */
export interface RefusedLine {
  /** The file, or `-` for stdin. */
  readonly source: string
  /** Position of its first byte in the (decompressed) source. */
  readonly offset: number
  /** Its bytes without the line end; of a too-long line the part that was kept. */
  readonly line: Uint8Array
}

/** Characters gathered before they are written. */
const gatherLength = 64 * 1024

/**
 * A file of refused lines, one JSON object each: `{"reason"|"action","source","offset","line"}`. Written synchronously:
 * a thousand long lines may come at once, and none of them shall wait in memory.
 */
export class RefusedLineFile {
  readonly #path: string
  readonly #label: 'reason' | 'action'
  readonly #file: number
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  #gathered = ''

  /** @throws ExitError (1) when the file cannot be created */
  constructor(path: string, label: 'reason' | 'action') {
    this.#path = path
    this.#label = label
    this.#file = this.#writing(() => openSync(path, 'w'))
  }

  /** Adds a line; `lineBase64` stands for `line` where the bytes are not UTF-8. @throws ExitError (1) */
  add(label: string, { source, offset, line }: RefusedLine): void {
    const text = this.#text(line)
    const content = text === null ? { lineBase64: Buffer.from(line).toString('base64') } : { line: text }
    this.#gathered += `${JSON.stringify({ [this.#label]: label, source, offset, ...content })}\n`
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

  #text(line: Uint8Array): string | null {
    try {
      return this.#decoder.decode(line)
    } catch {
      return null
    }
  }
}
