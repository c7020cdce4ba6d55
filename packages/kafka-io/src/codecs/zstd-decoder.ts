import { checkArgument, checkOptions } from '../arguments/check-options.js'
import { type Rule, wholeNumber } from '../arguments/rules.js'
import { KafkaIoError } from '../errors.js'
import { createKernel } from '../wasm/kernel.js'
import { GrowingBytes } from './growing-bytes.js'
import { ZstdFrames } from './zstd-frames.js'

export interface ZstdDecoderOptions {
  /**
   * The largest window: how far back content may refer, hence how much of it is kept. Memory grows to twice as much, and
   * only as far as a frame uses it. Frames with a larger window are refused. From 1 KiB, the smallest window there is, to
   * 512 MiB.
   *
   * @default 128 MiB, as of the zstd command
   */
  windowLimit?: number
}

const leastLimit = 1024
/** Twice as much, and what is read, has addresses below 2 GiB: the kernel's results are signed. */
const mostLimit = 512 * 1024 * 1024

const rules = { optional: { windowLimit: wholeNumber(leastLimit, mostLimit) } }
const someBytes: Rule = { expected: 'a Uint8Array', accepts: (value) => value instanceof Uint8Array }

/** Decompresses consecutive zstd frames from chunks of any length, in memory bounded by their window. */
export class ZstdDecoder {
  readonly #into: GrowingBytes
  readonly #frames: ZstdFrames
  /** Input that has not been decompressed yet: at most a block and the chunk. */
  #held = new Uint8Array(0)
  #at = 0
  #end = 0

  /** @throws `bad-settings`; `codec-missing` where the engine has no WebAssembly SIMD */
  constructor(options: ZstdDecoderOptions = {}) {
    checkOptions('new ZstdDecoder', options, rules)
    const { windowLimit = 128 * 1024 * 1024 } = options
    const kernel = createKernel()
    if (kernel === null) {
      throw new KafkaIoError(
        'codec-missing',
        'Reading zstd needs WebAssembly SIMD, which this process does not have: start Node without --jitless, or ' +
          'decompress the input beforehand',
      )
    }
    this.#into = new GrowingBytes(2 * windowLimit + 1024 * 1024, kernel)
    this.#frames = new ZstdFrames(this.#into, kernel, { windowLimit, damaged })
  }

  /**
   * Takes the next chunk, which may be overwritten afterwards.
   *
   * @returns the content that it completes, in pieces of up to 128 KiB; each holds until the next one is asked for
   * @throws `bad-settings` for anything but bytes; `corrupt-zstd`; `codec-missing` for a dictionary or a window beyond the limit
   */
  *decode(chunk: Uint8Array): Generator<Uint8Array, void> {
    checkArgument('decode', 'chunk', chunk, someBytes)
    this.#hold(chunk)
    const frames = this.#frames
    while (this.#at < this.#end) {
      const taken = frames.step(this.#held, this.#at, this.#end)
      if (taken === 0) return
      this.#at += taken
      if (frames.written > 0) yield this.#into.bytes.subarray(frames.end - frames.written, frames.end)
    }
  }

  /** Call it after the last chunk. @throws `corrupt-zstd` where a frame is not whole */
  end(): void {
    if (this.#at < this.#end || !this.#frames.isBetweenFrames) throw damaged('it ends within one')
  }

  #hold(chunk: Uint8Array): void {
    const left = this.#end - this.#at
    const length = left + chunk.length
    if (length > this.#held.length) {
      const grown = new Uint8Array(Math.max(length, 2 * this.#held.length))
      grown.set(this.#held.subarray(this.#at, this.#end))
      this.#held = grown
    } else if (this.#at > 0) this.#held.copyWithin(0, this.#at, this.#end)
    this.#held.set(chunk, left)
    this.#at = 0
    this.#end = length
  }
}

function damaged(found: string): KafkaIoError {
  return new KafkaIoError('corrupt-zstd', `Expected zstd frames, but ${found}`)
}
