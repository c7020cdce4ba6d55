import type { Random } from './random.js'
import { putBytes, putInteger, putUid } from './text-bytes.js'

/** The three parts that count. A replacement takes the place of the value; an empty one leaves the member out. */
export interface FrameParts {
  user: number
  second: number
  group: number
  keyInstead: Uint8Array | null
  timeInstead: Uint8Array | null
  groupInstead: Uint8Array | null
}

/** Writes the members that count, each with a comma before it: uid, ts and the group. */
export class PartsWriter {
  /** Where the last written members begin: the comma before `"uid"` and before `"ts"`; -1 when left out. */
  keyAt = -1
  timeAt = -1

  readonly #random: Random
  readonly #salt: number
  readonly #keyMember = encoder.encode(',"uid":"')
  readonly #timeMember = encoder.encode(',"ts":')
  readonly #groupMember: Uint8Array | null
  readonly #timeText = new Uint8Array(32)
  #timeLength = 0
  #timeSecond = Number.NaN

  /** @param groupField null for frames without @param salt u32 that makes the uids @param random decides between forms of one group */
  constructor(groupField: string | null, salt: number, random: Random) {
    this.#groupMember = groupField === null ? null : encoder.encode(`,"${groupField}":`)
    this.#salt = salt
    this.#random = random
  }

  key(target: Uint8Array, at: number, parts: FrameParts): number {
    const instead = parts.keyInstead
    this.keyAt = instead !== null && instead.length === 0 ? -1 : at
    if (this.keyAt < 0) return at
    const quote = putBytes(target, at, this.#keyMember)
    if (instead !== null) return putBytes(target, quote - 1, instead)
    const end = putUid(target, quote, parts.user, this.#salt)
    target[end] = 0x22
    return end + 1
  }

  time(target: Uint8Array, at: number, parts: FrameParts): number {
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
  group(target: Uint8Array, at: number, parts: FrameParts): number {
    const instead = parts.groupInstead
    if (this.#groupMember === null || instead?.length === 0) return at
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
}

/** The text of a group as the counter reports it. */
export function groupText(group: number): string | null {
  if (group === 0) return null
  return group % 3 === 0 ? String(group) : `v${group}`
}

const encoder = new TextEncoder()
