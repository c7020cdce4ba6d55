import { readSync } from 'node:fs'
import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net'
import { type DirectSource, nothingYet } from './direct-source.js'

/**
 * A pipe, named pipe or socket. A stream of it would allocate 64 KiB for each chunk, faster than garbage is collected:
 * here the stream only waits, for one byte, and what has come with that byte is read into memory of the caller.
 */
export class Pipe implements DirectSource {
  readonly #descriptor: number
  readonly #socket: Socket
  /** The byte that was waited for. */
  readonly #first = new Uint8Array(1)
  #hasFirst = false
  /** A named pipe that nobody has opened for writing yet would seem to be at its end. */
  #isBegun = false
  #isClosed = false
  #error: unknown = null
  #wake: () => void = () => {}

  /** @param descriptor reading it does not wait from here on; closed with the pipe unless it is stdin's */
  constructor(descriptor: number) {
    this.#descriptor = descriptor
    const callback = () => {
      this.#hasFirst = true
      this.#isBegun = true
      this.#wake()
      return false
    }
    const options: SocketConstructorOpts & { onread: OnReadOpts } = {
      fd: descriptor,
      readable: true,
      writable: false,
      onread: { buffer: this.#first, callback },
    }
    this.#socket = new Socket(options)
    this.#socket.on('error', (error) => {
      this.#error = error
    })
    this.#socket.on('close', () => {
      this.#isClosed = true
      this.#wake()
    })
  }

  read(space: Uint8Array): number {
    if (this.#error !== null) throw this.#error
    if (this.#isClosed) return 0
    if (!this.#isBegun) return nothingYet
    if (!this.#hasFirst) return this.#readNow(space)
    this.#hasFirst = false
    space[0] = this.#first[0]!
    return 1 + Math.max(0, this.#readNow(space.subarray(1)))
  }

  async ready(): Promise<void> {
    if (this.#hasFirst || this.#isClosed) return
    this.#socket.resume()
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
  }

  /** Also ends a wait: nothing more can be read. */
  close(): void {
    this.#isClosed = true
    this.#socket.destroy()
  }

  #readNow(space: Uint8Array): number {
    try {
      return readSync(this.#descriptor, space)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return nothingYet
      throw error
    }
  }
}
