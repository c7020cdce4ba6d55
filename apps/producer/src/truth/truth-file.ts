import { type FileHandle, open } from 'node:fs/promises'
import { ExitCode, ExitError, messageOf } from '@card/app-kit'

const pieceSize = 1 << 16

/** The file of the truth: opened before the first frame, so that a path that cannot be written fails at once. */
export class TruthFile {
  readonly #file: FileHandle
  readonly #path: string

  private constructor(file: FileHandle, path: string) {
    this.#file = file
    this.#path = path
  }

  /** @throws ExitError (1) */
  static async open(path: string): Promise<TruthFile> {
    try {
      return new TruthFile(await open(path, 'w'), path)
    } catch (error) {
      throw failure(path, error)
    }
  }

  /** Writes the pieces and closes the file. @throws ExitError (1) */
  async write(pieces: Iterable<string>): Promise<void> {
    try {
      let waiting = ''
      for (const piece of pieces) {
        waiting += piece
        if (waiting.length < pieceSize) continue
        await this.#file.writeFile(waiting)
        waiting = ''
      }
      await this.#file.writeFile(waiting)
      await this.#file.close()
    } catch (error) {
      throw failure(this.#path, error)
    }
  }

  /** Closes the file without a truth. */
  async abandon(): Promise<void> {
    await this.#file.close()
  }
}

function failure(path: string, error: unknown): ExitError {
  return new ExitError(ExitCode.failed, [`cannot write ${path}: ${messageOf(error)}`])
}
