import { ftruncateSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ExitCode, ExitError, messageOf } from '@card/app-kit'
import type { HeldLines, RefusedLine } from '@card/counting'

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
 * The lines of frames that wait in the far-future guards of partitions until they are counted or leave as late. A guard
 * holds 1,024 frames, whose lines may be as long as lines may be: most of a hostile input waits on disk, until it is
 * written where it goes. A failure of that is thrown by `check`, not in the middle of a step, so that the sums of that
 * step add up.
 */
export class HeldLineStore {
  readonly #folder: string
  #inMemory = 0
  #inFile = 0
  #file: number | null = null
  #end = 0
  #failure: unknown = null

  /** @param folder where the file is made when it is first needed; it vanishes from there at once */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Where the lines of one more partition wait. */
  readonly ofPartition = (): HeldLines => {
    const kept = new Map<number, Kept>()
    const remove = (ticket: number) => {
      const line = kept.get(ticket)
      kept.delete(ticket)
      return line
    }
    return {
      keep: (ticket, line) => {
        const copy = this.#keep(line)
        if (copy !== null) kept.set(ticket, copy)
      },
      take: (ticket) => {
        const line = remove(ticket)
        return line && this.#taken(line)
      },
      drop: (ticket) => {
        const line = remove(ticket)
        if (line !== undefined) this.#free(line)
      },
    }
  }

  /** @throws ExitError (1) when a line could not be kept */
  check(): void {
    if (this.#failure !== null) throw this.#failure
  }

  /** A copy of a line; null: it could not be kept. */
  #keep({ source, offset, line }: RefusedLine): Kept | null {
    const { length } = line
    if (this.#inMemory + length <= memoryLimit) {
      this.#inMemory += length
      return { source, offset, length, at: line.slice() }
    }
    const isWritten = this.#access(() => {
      this.#file ??= this.#openFile()
      for (let from = 0; from < length; ) {
        from += writeSync(this.#file, line, from, length - from, this.#end + from)
      }
    })
    if (!isWritten) return null
    const at = this.#end
    this.#end += length
    this.#inFile++
    return { source, offset, length, at }
  }

  /** A line that is no longer kept; one that is in the file is read from it, once, when its bytes are asked for. */
  #taken(kept: Kept): RefusedLine {
    const { source, offset, at } = kept
    if (typeof at !== 'number') {
      this.#free(kept)
      return { source, offset, line: at }
    }
    const read = () => this.#read(kept)
    return {
      source,
      offset,
      get line() {
        return read()
      },
    }
  }

  #read(kept: Kept): Uint8Array {
    const line = new Uint8Array(kept.length)
    this.#access(() => {
      for (let from = 0; from < line.length; ) {
        const taken = readSync(this.#file!, line, from, line.length - from, (kept.at as number) + from)
        if (taken === 0) throw new Error('the file of held lines was cut short')
        from += taken
      }
    })
    this.#free(kept)
    return line
  }

  #free({ at, length }: Kept): void {
    if (typeof at !== 'number') {
      this.#inMemory -= length
      return
    }
    if (--this.#inFile > 0) return
    this.#access(() => ftruncateSync(this.#file!, 0))
    this.#end = 0
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
        `cannot store held lines in ${this.#folder}: ${messageOf(error)}`,
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
