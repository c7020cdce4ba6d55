import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { ExitCode, ExitError, messageOf } from '../exit.js'
import { TextWriter } from './text-writer.js'

/** A line that was not counted, and where it stood. */
export interface RefusedLine {
  /** The file, or `-` for stdin. */
  readonly source: string
  /** Position of its first byte in the (decompressed) source. */
  readonly offset: number
  /** Its bytes without the line end; of a too-long line the part that was kept. */
  readonly line: Uint8Array
}

/** A file of refused lines, one JSON object each: `{"reason"|"action","source","offset","line"}`. */
export class RefusedLineFile {
  readonly #label: 'reason' | 'action'
  readonly #writer: TextWriter
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

  private constructor(label: 'reason' | 'action', writer: TextWriter) {
    this.#label = label
    this.#writer = writer
  }

  /** @throws ExitError (1) when the file cannot be created */
  static async create(path: string, label: 'reason' | 'action'): Promise<RefusedLineFile> {
    const stream = createWriteStream(path)
    try {
      await once(stream, 'open')
    } catch (error) {
      throw new ExitError(ExitCode.failed, [`cannot write ${path}: ${messageOf(error)}`])
    }
    return new RefusedLineFile(label, new TextWriter(path, stream))
  }

  /** Adds a line; `lineBase64` stands for `line` where the bytes are not UTF-8. */
  add(label: string, { source, offset, line }: RefusedLine): void {
    const text = this.#text(line)
    const content = text === null ? { lineBase64: Buffer.from(line).toString('base64') } : { line: text }
    this.#writer.write(`${JSON.stringify({ [this.#label]: label, source, offset, ...content })}\n`)
  }

  /** @throws ExitError (1) when the file cannot be written */
  flush(): Promise<void> {
    return this.#writer.flush()
  }

  /** Writes what remains and closes the file. @throws ExitError (1) */
  close(): Promise<void> {
    return this.#writer.close()
  }

  #text(line: Uint8Array): string | null {
    try {
      return this.#decoder.decode(line)
    } catch {
      return null
    }
  }
}
