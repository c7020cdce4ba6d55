import type { ByteSink } from '../input/byte-source.js'
import { newMeter, readSource } from '../input/byte-source.js'
import { failureOf, type Sample, type SampledLine } from './sample.js'

/**
 * The first lines of files, or of stdin, shared out between them; fewer where one cannot be read to there.
 *
 * @param signal aborting it ends the sample where it is
 */
export async function sampleFiles(
  files: readonly string[],
  most: Sample['limits'],
  signal: AbortSignal,
): Promise<Sample> {
  const lines: SampledLine[] = []
  const meter = newMeter()
  // As they are found when they are read: stdin, too, may be compressed.
  const sources = (upTo: number) =>
    files.slice(0, upTo).map((file) => {
      const name = file === '-' ? 'stdin' : file
      return { name, compression: meter.compressions.get(name) ?? null }
    })
  for (const [index, file] of files.entries()) {
    const share = Math.ceil((most.lines - lines.length) / (files.length - index))
    const bytes = Math.ceil(most.bytes / files.length)
    const full = new AbortController()
    const sink = new FirstLines(share, bytes, () => full.abort())
    const failure = await failureOf(readSource(file, sink, AbortSignal.any([full.signal, signal]), meter))
    const isCutShort = failure !== null || signal.aborted
    if (!isCutShort) sink.end()
    // Files read in order are one partition.
    for (const bytes of sink.lines) lines.push({ partition: 0, bytes, record: null })
    if (isCutShort) return { limits: most, lines, sources: sources(index + 1), failure }
  }
  return { limits: most, lines, sources: sources(files.length), failure: null }
}

/** Copies of the first lines of one input. */
class FirstLines implements ByteSink {
  readonly lines: Uint8Array[] = []
  readonly #most: number
  readonly #onFull: () => void
  #left: number
  #space = Buffer.alloc(0)
  #open: Buffer[] = []

  constructor(lines: number, bytes: number, onFull: () => void) {
    this.#most = lines
    this.#left = bytes
    this.#onFull = onFull
  }

  reserve(size: number): Uint8Array {
    if (this.#space.length < size) this.#space = Buffer.alloc(size)
    return this.#space.subarray(0, size)
  }

  commit(length: number): void {
    this.write(this.#space.subarray(0, length))
  }

  write(chunk: Uint8Array): void {
    let from = 0
    while (!this.#isFull) {
      const end = chunk.indexOf(0x0a, from)
      this.#keep(chunk.subarray(from, end < 0 ? chunk.length : end))
      if (end < 0) break
      this.#endLine()
      from = end + 1
    }
    if (this.#isFull) this.#onFull()
  }

  settle(): undefined {
    return undefined
  }

  /** The input has ended: what is left is a line. */
  end(): void {
    if (!this.#isFull && this.#open.length > 0) this.#endLine()
  }

  get #isFull(): boolean {
    return this.lines.length >= this.#most || this.#left <= 0
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#left -= bytes.length
    this.#open.push(Buffer.from(bytes))
  }

  #endLine(): void {
    let line: Uint8Array = Buffer.concat(this.#open)
    this.#open = []
    // The mark at the start of a file, as a run skips it.
    if (this.lines.length === 0 && line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf)
      line = line.subarray(3)
    this.lines.push(line)
  }
}
