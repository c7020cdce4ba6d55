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

  /** Adds text; it reaches the stream at the latest with the next `push` or `flush`. */
  write(text: string): void {
    this.#gathered += text
    if (this.#gathered.length >= gatherLength) this.push()
  }

  /** Hands what was gathered to the stream. */
  push(): void {
    if (this.#gathered !== '' && !this.#closed) this.#stream.write(this.#gathered)
    this.#gathered = ''
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
