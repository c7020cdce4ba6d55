import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { ExitCode, ExitError, messageOf } from '../exit.js'
import { type RefusedLabel, type RefusedLine, refusedText } from './refused-text.js'
import { TextWriter } from './text-writer.js'

/** Takes lines that were not counted. */
export interface RefusedLines {
  add(why: string, line: RefusedLine): void
}

/** A file of refused lines, one JSON object each. */
export class RefusedLineFile implements RefusedLines {
  readonly #label: RefusedLabel
  readonly #writer: TextWriter

  private constructor(label: RefusedLabel, writer: TextWriter) {
    this.#label = label
    this.#writer = writer
  }

  /** @throws ExitError (1) when the file cannot be created */
  static async create(path: string, label: RefusedLabel): Promise<RefusedLineFile> {
    const stream = createWriteStream(path)
    try {
      await once(stream, 'open')
    } catch (error) {
      throw new ExitError(ExitCode.failed, [`cannot write ${path}: ${messageOf(error)}`])
    }
    return new RefusedLineFile(label, new TextWriter(path, stream))
  }

  add(why: string, line: RefusedLine): void {
    this.#writer.write(`${refusedText(this.#label, why, line)}\n`)
  }

  /** @throws ExitError (1) when the file cannot be written */
  flush(): Promise<void> {
    return this.#writer.flush()
  }

  /** Writes what remains and closes the file. @throws ExitError (1) */
  close(): Promise<void> {
    return this.#writer.close()
  }
}
