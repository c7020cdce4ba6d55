// Frames of zstd (RFC 8878, 3.1), block by block; what is in a compressed block is the kernel's (assembly/zstd-block.ts).
import { KafkaIoError } from '../errors.js'
import type { Kernel } from '../wasm/kernel.js'
import type { GrowingBytes } from './growing-bytes.js'

/** The most that a block gives, and that one is said to hold. */
const largestBlock = 128 * 1024
const magic = 0xfd2fb528
/** One of sixteen: the lowest four bits are free. */
const skippableMagic = 0x184d2a50

/** What is wrong with a compressed block, by the results of assembly/zstd-sequences.ts. */
const damages = [
  'its literals are damaged',
  'its tables are damaged',
  'its sequences are damaged',
  'its literals run out',
  'it copies from before its window',
  'a block passes its most',
]

export interface ZstdFramesOptions {
  /**
   * Bytes of a frame's window that are kept at most, all else being given up once it has been handed on; by default
   * everything that is written stays.
   */
  windowLimit?: number
  /** Makes the error for damaged input. */
  damaged: (found: string) => KafkaIoError
}

/** Reads consecutive frames in steps: a header, a block, a checksum. */
export class ZstdFrames {
  /** The end of what was written into the buffer. */
  end: number
  /** How much of it the last step wrote. */
  written = 0
  readonly #into: GrowingBytes
  readonly #kernel: Kernel
  readonly #windowLimit: number | null
  readonly #damaged: (found: string) => KafkaIoError
  #stage: 'between' | 'skipping' | 'blocks' | 'checksum' = 'between'
  /** Bytes of a skippable frame that are still to come. */
  #skip = 0
  #window = 0
  #hasChecksum = false
  /** NaN: the frame does not say. */
  #contentSize = Number.NaN
  #produced = 0

  constructor(into: GrowingBytes, kernel: Kernel, { windowLimit, damaged }: ZstdFramesOptions) {
    this.#into = into
    this.#kernel = kernel
    this.#windowLimit = windowLimit ?? null
    this.#damaged = damaged
    this.end = into.start
  }

  get isBetweenFrames(): boolean {
    return this.#stage === 'between'
  }

  /**
   * Takes the next part of `input[at, to)`. With a limited window the buffer may begin anew: what a step wrote ends at
   * `end`, and lies there until the next step.
   *
   * @returns how many bytes were taken; 0: the part is not whole yet
   * @throws the error for damage, `batch-too-large` by the buffer's bound, `codec-missing`
   */
  step(input: Uint8Array, at: number, to: number): number {
    this.written = 0
    if (this.#stage === 'blocks') return this.#takeBlock(input, at, to)
    if (this.#stage === 'between') return this.#takeHeader(input, at, to)
    if (this.#stage === 'checksum') return this.#takeChecksum(input, at, to)
    const taken = Math.min(this.#skip, to - at)
    this.#skip -= taken
    if (this.#skip === 0) this.#stage = 'between'
    return taken
  }

  #takeHeader(input: Uint8Array, at: number, to: number): number {
    if (to - at < 5) return 0
    const first = readUint32(input, at)
    if ((first & ~15) === skippableMagic) {
      if (to - at < 8) return 0
      this.#skip = readUint32(input, at + 4)
      if (this.#skip > 0) this.#stage = 'skipping'
      return 8
    }
    if (first !== magic) throw this.#damaged('no frame starts')
    const flags = input[at + 4]!
    if (flags & 8) throw this.#damaged('its header has an unknown flag')
    const isSingleSegment = (flags & 32) !== 0
    const dictionaryBytes = [0, 1, 2, 4][flags & 3]!
    const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][flags >>> 6]!
    const length = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes + sizeBytes
    if (to - at < length) return 0
    const sizeAt = at + length - sizeBytes
    const dictionary = readUint(input, sizeAt - dictionaryBytes, dictionaryBytes)
    if (dictionary !== 0) {
      throw new KafkaIoError(
        'codec-missing',
        `A zstd frame needs the dictionary ${dictionary}, and dictionaries are not supported: compress without one`,
      )
    }
    const size = readUint(input, sizeAt, sizeBytes)
    this.#contentSize = sizeBytes === 0 ? Number.NaN : sizeBytes === 2 ? size + 256 : size
    this.#window = isSingleSegment ? this.#contentSize : windowSize(input[at + 5]!)
    if (this.#windowLimit !== null) {
      if (this.#window > this.#windowLimit) {
        throw new KafkaIoError(
          'codec-missing',
          `A zstd frame has a window of ${this.#window} bytes; the limit is ${this.#windowLimit}: compress with a ` +
            'smaller one (zstd --long=27 or less)',
        )
      }
      this.end = this.#into.start
    }
    this.#hasChecksum = (flags & 4) !== 0
    this.#produced = 0
    this.#kernel.beginZstdFrame()
    if (this.#hasChecksum) this.#kernel.beginXxh64()
    this.#stage = 'blocks'
    return length
  }

  #takeBlock(input: Uint8Array, at: number, to: number): number {
    if (to - at < 3) return 0
    const head = input[at]! | (input[at + 1]! << 8) | (input[at + 2]! << 16)
    const kind = (head >>> 1) & 3
    const size = head >>> 3
    if (kind === 3) throw this.#damaged('a block is of an unknown kind')
    const most = Math.min(this.#window, largestBlock)
    if (size > (kind === 2 ? largestBlock : most)) throw this.#damaged(damages[5]!)
    const stored = kind === 1 ? 1 : size
    const from = at + 3
    if (to - from < stored) return 0
    const into = this.#into
    this.#slide()
    const start = this.end
    const end = kind === 2 ? this.#decode(input.subarray(from, from + stored), most) : start + size
    if (kind !== 2) {
      const bytes = into.reserve(end, start)
      if (kind === 0) bytes.set(input.subarray(from, from + size), start)
      else bytes.fill(input[from]!, start, end)
    }
    this.end = end
    this.written = end - start
    this.#produced += this.written
    if (this.#hasChecksum) this.#kernel.advanceXxh64(into.address + start, into.address + end)
    if (this.#produced > this.#contentSize) throw this.#wrongSize()
    if (head & 1) {
      if (this.#produced < this.#contentSize) throw this.#wrongSize()
      this.#stage = this.#hasChecksum ? 'checksum' : 'between'
    }
    return 3 + stored
  }

  // What a block gives is not known before: there is room for the most of it, or up to the bound. A size that the
  // header states makes no room, as nobody vouches for it.
  #decode(block: Uint8Array, most: number): number {
    const into = this.#into
    const kernel = this.#kernel
    const bound = Math.min(this.end + most, into.start + into.limit)
    into.reserve(bound, this.end)
    const from = into.place(kernel, block)
    const { address } = into
    const back = this.#windowLimit === null ? this.#produced : Math.min(this.#produced, this.#window)
    const result = kernel.decodeZstdBlock(
      from,
      from + block.length,
      address + this.end - back,
      address + this.end,
      address + bound,
    )
    if (result > damages.length) return result - address
    if (result === damages.length && bound < this.end + most) into.reserve(this.end + most, this.end)
    throw this.#damaged(damages[result - 1]!)
  }

  /** Moves the window to the beginning of the buffer once it has been written as long again. */
  #slide(): void {
    if (this.#windowLimit === null || this.end < 2 * Math.max(this.#window, largestBlock)) return
    const kept = Math.min(this.#window, this.#produced)
    this.#into.bytes.copyWithin(0, this.end - kept, this.end)
    this.end = kept
  }

  #takeChecksum(input: Uint8Array, at: number, to: number): number {
    if (to - at < 4) return 0
    if (readUint32(input, at) !== this.#kernel.endXxh64() >>> 0)
      throw this.#damaged('its checksum does not match')
    this.#stage = 'between'
    return 4
  }

  #wrongSize(): KafkaIoError {
    return this.#damaged(`${this.#produced} bytes came out where it names ${this.#contentSize}`)
  }
}

/** RFC 8878, 3.1.1.1.2: eighths above a power of two, 1 KiB at least. */
function windowSize(descriptor: number): number {
  return 2 ** (10 + (descriptor >>> 3)) * (1 + (descriptor & 7) / 8)
}

function readUint32(bytes: Uint8Array, at: number): number {
  return readUint(bytes, at, 4)
}

/** Little-endian; inexact from 2^53 on. */
function readUint(bytes: Uint8Array, at: number, length: number): number {
  let value = 0
  for (let i = length - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!
  return value
}
