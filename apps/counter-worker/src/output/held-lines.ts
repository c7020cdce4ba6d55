import { ftruncateSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ExitCode, ExitError, messageOf } from '@card/app-kit'
import type { RefusedLine } from './refused-text.js'

/** Bytes of lines kept in memory; what is beyond waits in a file. */
const memoryLimit = 8 * 1024 * 1024

interface Kept {
  readonly source: string
  readonly offset: number
  readonly length: number
  /** The bytes, or where in the file they are. */
  readonly at: Uint8Array | number
}

/**
 * The lines of frames that wait in the far-future guard, by ticket, until they are counted or leave as late. The guard
 * holds 1,024 frames, whose lines may be as long as lines may be: most of a hostile input waits on disk. A failure of
 * that is thrown by `check`, not in the middle of a batch, so that the sums of that batch add up.
 */
export class HeldLines {
  readonly #folder: string
  readonly #kept = new Map<number, Kept>()
  #inMemory = 0
  #inFile = 0
  #file: number | null = null
  #end = 0
  #failure: unknown = null

  /** @param folder where the file is made when it is first needed; it vanishes from there at once */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Keeps a copy of the line. */
  keep(ticket: number, { source, offset, line }: RefusedLine): void {
    const { length } = line
    if (this.#inMemory + length <= memoryLimit) {
      this.#inMemory += length
      this.#kept.set(ticket, { source, offset, length, at: line.slice() })
      return
    }
    const isWritten = this.#access(() => {
      this.#file ??= this.#openFile()
      for (let from = 0; from < length; ) {
        from += writeSync(this.#file, line, from, length - from, this.#end + from)
      }
    })
    if (!isWritten) return
    this.#kept.set(ticket, { source, offset, length, at: this.#end })
    this.#end += length
    this.#inFile++
  }

  /** Gives a line back and forgets it; null: it could not be kept. */
  take(ticket: number): RefusedLine | null {
    const kept = this.#kept.get(ticket)
    if (kept === undefined) return null
    const { source, offset, length, at } = kept
    this.#kept.delete(ticket)
    if (typeof at !== 'number') {
      this.#inMemory -= length
      return { source, offset, line: at }
    }
    const line = new Uint8Array(length)
    const isRead = this.#access(() => {
      for (let from = 0; from < length; ) {
        const taken = readSync(this.#file!, line, from, length - from, at + from)
        if (taken === 0) throw new Error('the file of held lines was cut short')
        from += taken
      }
      if (--this.#inFile > 0) return
      ftruncateSync(this.#file!, 0)
      this.#end = 0
    })
    return isRead ? { source, offset, line } : null
  }

  /** @throws ExitError (1) when a line could not be kept */
  check(): void {
    if (this.#failure !== null) throw this.#failure
  }

  /** Every line that is left, in order of arrival. */
  takeAll(): RefusedLine[] {
    return [...this.#kept.keys()].map((ticket) => this.take(ticket)).filter((line) => line !== null)
  }

  /** A file without a name, so that nothing is left however the process ends. */
  #openFile(): number {
    const folder = mkdtempSync(join(this.#folder, '.held-lines-'))
    try {
      return openSync(join(folder, 'lines'), 'wx+', 0o600)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  /** @returns whether the work was done; nothing more is kept on disk after a failure */
  #access(work: () => void): boolean {
    if (this.#failure !== null) return false
    try {
      work()
      return true
    } catch (error) {
      this.#failure = new ExitError(ExitCode.failed, [
        `cannot keep lines that wait in ${this.#folder}: ${messageOf(error)}`,
      ])
      return false
    }
  }
}

/** Where lines wait that may go to this output: beside it, or where the system wants such files when it is no file. */
export function folderBeside(output: string): string {
  // In big integers for the reason given in shared-paths.ts.
  const status = statSync(output, { throwIfNoEntry: false, bigint: true })
  return status?.isFile() === false ? tmpdir() : dirname(output)
}
