import { ExitCode, ExitError } from '@card/app-kit'

/** No topic takes a record of that size. */
const longestLine = 64 * 1024 ** 2
const lf = 0x0a
const cr = 0x0d
const byteOrderMark = Buffer.from('\ufeff')

/** Cuts a source into lines: LF or CR LF ends one, the last may be unended, a byte order mark at the start is skipped. */
export class LineCutter {
  /** The begun line: pieces of earlier chunks. */
  #open: Uint8Array[] = []
  #openLength = 0
  #first = true
  readonly #name: string

  /** @param name of the source, for errors */
  constructor(name: string) {
    this.#name = name
  }

  /** The unended last line, null where there is none. */
  end(): Uint8Array | null {
    return this.#openLength > 0 ? this.#line(new Uint8Array(0)) : null
  }

  /**
   * The lines that end in this chunk, without their endings: views of it, where they began in it.
   *
   * @throws ExitError (1) when a line is longer than 64 MiB
   */
  *cut(chunk: Uint8Array): Generator<Uint8Array> {
    let from = 0
    for (let end = chunk.indexOf(lf); end >= 0; end = chunk.indexOf(lf, from)) {
      yield this.#line(chunk.subarray(from, end))
      from = end + 1
    }
    if (from === chunk.length) return
    this.#open.push(chunk.subarray(from))
    this.#openLength += chunk.length - from
    if (this.#openLength > longestLine) {
      throw new ExitError(ExitCode.failed, [
        `cannot read ${this.#name}: expected lines of at most ${longestLine} bytes, found a longer one`,
      ])
    }
  }

  #line(rest: Uint8Array): Uint8Array {
    let line = rest
    if (this.#openLength > 0) {
      line = Buffer.concat([...this.#open, rest])
      this.#open = []
      this.#openLength = 0
    }
    if (this.#first && byteOrderMark.equals(line.subarray(0, 3))) line = line.subarray(3)
    this.#first = false
    return line[line.length - 1] === cr ? line.subarray(0, -1) : line
  }
}
