import { WriteStream } from 'node:fs'
import type { Writable } from 'node:stream'
import { ExitCode, ExitError, messageOf } from '@card/app-kit'

/** Characters gathered before they are handed to the stream in one write. */
const gatherLength = 64 * 1024

/**
 * Lines to a stream in few writes, with backpressure. An error of the stream is kept and thrown by the next `flush`
 * as an ExitError (1) that names the output; when it is that nobody reads any more, what is written vanishes instead.
 */
export class TextWriter {
  readonly #stream: Writable
  #gathered = ''
  /** Where in the gathered text each piece ends that counts. */
  #ends: number[] = []
  #delivered = 0
  /** Bytes handed to the stream. */
  #handed = 0
  #error: Error | null = null
  #closed = false

  /**
   * @param name of the output, for errors
   * @param onClosed called when nobody reads the stream any more
   */
  constructor(name: string, stream: Writable, onClosed: () => void = () => {}) {
    this.#stream = stream
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || error.code === 'ECONNRESET') {
        this.#closed = true
        onClosed()
      } else {
        this.#error ??= new ExitError(ExitCode.failed, [`cannot write ${name}: ${messageOf(error)}`])
      }
    })
  }

  /** Pieces that count and were written out, as far as the stream says. */
  get delivered(): number {
    return this.#delivered
  }

  /** Adds text; it reaches the stream at the latest with the next `push` or `flush`. @param counts see `delivered` */
  write(text: string, counts = false): void {
    this.#gathered += text
    if (counts) this.#ends.push(this.#gathered.length)
    if (this.#gathered.length >= gatherLength) this.push()
  }

  /** Hands what was gathered to the stream. */
  push(): void {
    if (this.#gathered !== '' && !this.#closed) this.#hand(this.#gathered, this.#ends)
    this.#gathered = ''
    this.#ends = []
  }

  /** Hands everything on. A promise while the reader is behind, which is to be waited for. */
  flush(): Promise<void> | undefined {
    this.push()
    if (this.#error !== null) throw this.#error
    return !this.#closed && this.#stream.writableNeedDrain ? this.#drained() : undefined
  }

  /** Waits until all is written out. */
  async finish(): Promise<void> {
    await this.flush()
    if (!this.#closed) await new Promise<void>((resolve) => this.#stream.write('', () => resolve()))
    if (this.#error !== null) throw this.#error
  }

  #hand(text: string, ends: readonly number[]): void {
    const before = this.#handed
    this.#handed += Buffer.byteLength(text)
    this.#stream.write(text, (error) => {
      this.#delivered += error == null ? ends.length : this.#writtenInPart(text, ends, before)
    })
  }

  /** A file knows how much of a write was done before the disk was full; of other streams nothing is said. */
  #writtenInPart(text: string, ends: readonly number[], before: number): number {
    if (!(this.#stream instanceof WriteStream)) return 0
    const written = this.#stream.bytesWritten - before
    return ends.filter((end) => Buffer.byteLength(text.slice(0, end)) <= written).length
  }

  /** Until the stream takes more, is closed, or has failed: a stream that does not close itself says only that. */
  async #drained(): Promise<void> {
    const events = ['drain', 'close', 'error']
    await new Promise<void>((resolve) => {
      const done = () => {
        for (const event of events) this.#stream.off(event, done)
        resolve()
      }
      for (const event of events) this.#stream.on(event, done)
    })
    if (this.#error !== null) throw this.#error
  }
}
