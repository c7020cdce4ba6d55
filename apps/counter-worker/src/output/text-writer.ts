import { once } from 'node:events'
import type { Writable } from 'node:stream'

/** Characters gathered before they are handed to the stream in one write. */
const gatherLength = 64 * 1024

/**
 * Lines to a stream in few writes, with backpressure: `flush` resolves when the stream wants more.
 * An error of the stream is kept and thrown by the next `flush`.
 */
export class TextWriter {
  readonly #stream: Writable
  #gathered = ''
  #error: Error | null = null

  constructor(stream: Writable) {
    this.#stream = stream
    stream.on('error', (error: Error) => {
      this.#error ??= error
    })
  }

  /** Adds text; it reaches the stream at the latest with the next `flush`. */
  write(text: string): void {
    this.#gathered += text
    if (this.#gathered.length >= gatherLength) this.#push()
  }

  /** Hands everything on and waits while the reader is behind. */
  async flush(): Promise<void> {
    if (this.#gathered !== '') this.#push()
    if (this.#error !== null) throw this.#error
    if (this.#stream.writableNeedDrain) {
      await Promise.race([once(this.#stream, 'drain'), once(this.#stream, 'close')])
      if (this.#error !== null) throw this.#error
    }
  }

  /** Flushes, and waits until all is written out; `end` also closes the stream. */
  async finish(end: boolean): Promise<void> {
    await this.flush()
    await new Promise<void>((resolve, reject) => {
      const done = (error?: Error | null) => (error ? reject(error) : resolve())
      if (end) this.#stream.end(done)
      else this.#stream.write('', done)
    })
    if (this.#error !== null) throw this.#error
  }

  #push(): void {
    this.#stream.write(this.#gathered)
    this.#gathered = ''
  }
}
