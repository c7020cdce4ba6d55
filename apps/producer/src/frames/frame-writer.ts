import {
  type Filler,
  fillerSlots,
  freshLetters,
  type KeyShapes,
  renderFiller,
  type Segment,
  smallSegment,
} from './filler.js'
import { type FrameParts, PartsWriter } from './parts-writer.js'
import { Random, threshold } from './random.js'
import { putLetters } from './text-bytes.js'

export interface FrameWriterOptions {
  readonly seed: number
  /** Least length of a frame in bytes, without the line's ending. */
  readonly lineLength: number
  readonly keyShapes: KeyShapes
  /** Root key of the group; null for frames without. */
  readonly groupField: string | null
}

const bracesAndParts = 56
const decoyShare = threshold(200 / 3)

/**
 * Writes frames: root = 0 to 3 filler members, then uid and ts (and the group) in any order, then filler until
 * the line is longer than its least length. Members come rendered and are copied, so a frame costs no string
 * and no object. Each member begins with a comma; the first comma of the line becomes the opening brace.
 */
export class FrameWriter {
  /** Writes uid, ts and the group, and knows where they stand in the last frame. */
  readonly parts: PartsWriter

  readonly #options: FrameWriterOptions
  readonly #filler: Filler
  readonly #random: Random
  readonly #fresh: boolean
  readonly #ordered: boolean
  #slot = 0

  constructor(options: FrameWriterOptions) {
    this.#options = options
    this.#fresh = options.keyShapes === 'fresh'
    this.#ordered = options.keyShapes === 'repeated'
    const group = options.groupField === null ? [] : [options.groupField]
    this.#filler = renderFiller({
      seed: options.seed,
      reserved: ['uid', 'ts', ...group],
      keyShapes: options.keyShapes,
    })
    this.#random = new Random(options.seed, 0xf4a3e)
    const salt = new Random(options.seed, 0x5a17).bits()
    this.parts = new PartsWriter(options.groupField, salt, this.#random)
  }

  /** Writes one frame without a line ending. @returns the position after it */
  write(target: Uint8Array, start: number, parts: FrameParts): number {
    const random = this.#random
    const filler = this.#filler
    const room = start + this.#options.lineLength
    const shape = random.bits()
    let at = start
    let decoy = random.happens(decoyShare)
    this.#slot = 0
    for (let leading = shape & 3; leading > 0 && at <= room - bracesAndParts; leading--) {
      const asDecoy = decoy && (shape & 12) === 0
      if (asDecoy) decoy = false
      at = this.#copy(target, at, this.#pick(asDecoy ? filler.smallDecoys : filler.small))
    }
    at = this.#writeParts(target, at, parts, (shape >>> 4) & 7)
    if (decoy && at < room) {
      const segment = this.#pick(filler.largeDecoys)
      at = this.#copy(
        target,
        at,
        at + segment.bytes.length <= room ? segment : this.#pick(filler.smallDecoys),
      )
    }
    while (at < room) {
      const segment = this.#pick((random.bits() & 512) === 0 ? filler.large : filler.small)
      at = this.#copy(target, at, at + segment.bytes.length <= room ? segment : this.#pick(filler.small))
    }
    target[start] = 0x7b
    target[at++] = 0x7d
    return at
  }

  /** Orders 0 to 7: bit 0 puts ts before uid, bits 1 and 2 put the group before, between or after them. */
  #writeParts(target: Uint8Array, start: number, parts: FrameParts, order: number): number {
    let at = start
    const groupPlace = order >> 1
    if (groupPlace === 0) at = this.parts.group(target, at, parts)
    at = (order & 1) === 0 ? this.parts.key(target, at, parts) : this.parts.time(target, at, parts)
    if (groupPlace === 1) at = this.parts.group(target, at, parts)
    at = (order & 1) === 0 ? this.parts.time(target, at, parts) : this.parts.key(target, at, parts)
    return groupPlace > 1 ? this.parts.group(target, at, parts) : at
  }

  /** A segment of the slot that is next in order, or of any slot. */
  #pick(pool: readonly Segment[]): Segment {
    const bits = this.#random.bits()
    const slot = (this.#ordered ? this.#slot : bits) & (fillerSlots - 1)
    // Every pool is a power of two long, so the variants are too.
    const variants = pool.length / fillerSlots
    return pool[slot * variants + ((bits >>> 8) & (variants - 1))]!
  }

  #copy(target: Uint8Array, at: number, segment: Segment): number {
    target.set(segment.bytes, at)
    this.#slot += segment.members
    if (this.#fresh) {
      for (const offset of segment.freshAt) putLetters(target, at + offset, this.#random)
    }
    return at + segment.bytes.length
  }
}

/** An upper bound of the bytes of a frame of this least length, without damage. */
export function longestFrame(options: Pick<FrameWriterOptions, 'lineLength' | 'groupField'>): number {
  return (
    options.lineLength +
    2 * smallSegment +
    2 * bracesAndParts +
    (options.groupField?.length ?? 0) +
    40 +
    freshLetters
  )
}
