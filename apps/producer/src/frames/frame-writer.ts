import {
  type Filler,
  fillerSlots,
  freshLetters,
  type KeyShapes,
  renderFiller,
  type Segment,
  smallSegment,
} from './filler.js'
import { Random, threshold } from './random.js'
import { putBytes, putInteger, putLetters, putUid } from './text-bytes.js'

export interface FrameWriterOptions {
  readonly seed: number
  /** Least length of a frame in bytes, without the line's ending. */
  readonly lineLength: number
  readonly keyShapes: KeyShapes
  /** Root key of the group; null for frames without. */
  readonly groupField: string | null
}

/** The three parts that count. A replacement takes the place of the value; an empty one leaves the member out. */
export interface FrameParts {
  user: number
  second: number
  group: number
  keyInstead: Uint8Array | null
  timeInstead: Uint8Array | null
  groupInstead: Uint8Array | null
}

const bracesAndParts = 56
const decoyShare = threshold(200 / 3)
const encoder = new TextEncoder()

/**
 * Writes frames: root = 0 to 3 filler members, then uid and ts (and the group) in any order, then filler until
 * the line is longer than its least length. Members come rendered and are copied, so a frame costs no string
 * and no object. Each member begins with a comma; the first comma of the line becomes the opening brace.
 */
export class FrameWriter {
  /** Where the last written frame has its parts: the comma before `"uid"` and before `"ts"`; -1 when left out. */
  keyAt = -1
  timeAt = -1

  readonly #options: FrameWriterOptions
  readonly #filler: Filler
  readonly #random: Random
  readonly #salt: number
  readonly #fresh: boolean
  readonly #ordered: boolean
  #slot = 0
  readonly #keyMember = encoder.encode(',"uid":"')
  readonly #timeMember = encoder.encode(',"ts":')
  readonly #groupMember: Uint8Array
  readonly #timeText = new Uint8Array(32)
  #timeLength = 0
  #timeSecond = Number.NaN

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
    this.#salt = new Random(options.seed, 0x5a17).bits()
    this.#groupMember = encoder.encode(`,"${options.groupField}":`)
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
    at = this.#parts(target, at, parts, (shape >>> 4) & 7)
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
  #parts(target: Uint8Array, start: number, parts: FrameParts, order: number): number {
    let at = start
    const groupPlace = order >> 1
    if (groupPlace === 0) at = this.#group(target, at, parts)
    at = (order & 1) === 0 ? this.#key(target, at, parts) : this.#time(target, at, parts)
    if (groupPlace === 1) at = this.#group(target, at, parts)
    at = (order & 1) === 0 ? this.#time(target, at, parts) : this.#key(target, at, parts)
    return groupPlace > 1 ? this.#group(target, at, parts) : at
  }

  #key(target: Uint8Array, at: number, parts: FrameParts): number {
    const instead = parts.keyInstead
    this.keyAt = instead !== null && instead.length === 0 ? -1 : at
    if (this.keyAt < 0) return at
    const quote = putBytes(target, at, this.#keyMember)
    if (instead !== null) return putBytes(target, quote - 1, instead)
    const end = putUid(target, quote, parts.user, this.#salt)
    target[end] = 0x22
    return end + 1
  }

  #time(target: Uint8Array, at: number, parts: FrameParts): number {
    const instead = parts.timeInstead
    this.timeAt = instead !== null && instead.length === 0 ? -1 : at
    if (this.timeAt < 0) return at
    if (instead !== null) return putBytes(target, putBytes(target, at, this.#timeMember), instead)
    // Frames of one second come in a row, so the member is rendered once for all of them.
    if (parts.second !== this.#timeSecond) {
      this.#timeSecond = parts.second
      const value = putBytes(this.#timeText, 0, this.#timeMember)
      this.#timeLength = putInteger(this.#timeText, value, parts.second)
    }
    for (let i = 0; i < this.#timeLength; i++) target[at + i] = this.#timeText[i]!
    return at + this.#timeLength
  }

  /** Group 3, 6, 9, … is a number, written as an integer or a string of the same text; the others are strings. */
  #group(target: Uint8Array, at: number, parts: FrameParts): number {
    const instead = parts.groupInstead
    if (this.#options.groupField === null || instead?.length === 0) return at
    let end = putBytes(target, at, this.#groupMember)
    if (instead !== null) return putBytes(target, end, instead)
    const number = parts.group % 3 === 0
    if (number && (this.#random.bits() & 1) === 0) return putInteger(target, end, parts.group)
    target[end++] = 0x22
    if (!number) target[end++] = 0x76
    end = putInteger(target, end, parts.group)
    target[end] = 0x22
    return end + 1
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

/** The text of a group as the counter reports it. */
export function groupText(group: number): string | null {
  if (group === 0) return null
  return group % 3 === 0 ? String(group) : `v${group}`
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
