import type { MalformedKind } from '../options/malformed-shares.js'
import type { FrameWriter } from './frame-writer.js'
import type { FrameParts } from './parts-writer.js'
import type { Random } from './random.js'

/** Writes lines that must not be counted, each wrong in exactly one way, so that its reason is certain. */
export class Damage {
  readonly #writer: FrameWriter
  readonly #random: Random
  readonly #maxLine: number

  /** @param maxLine bytes; lines of the kind too-long exceed it by 1 to 64 */
  constructor(writer: FrameWriter, random: Random, maxLine: number) {
    this.#writer = writer
    this.#random = random
    this.#maxLine = maxLine
  }

  /** Writes one line of a kind, without its ending. @returns the position after it */
  write(kind: MalformedKind, target: Uint8Array, start: number, parts: FrameParts): number {
    if (kind === 'blank') return this.#text(target, start, blanks)
    const random = this.#random
    parts.timeInstead =
      kind === 'missing-time' ? nothing : kind === 'bad-time' ? oneOf(random, badTimes) : null
    parts.keyInstead = kind === 'missing-key' ? nothing : kind === 'bad-key' ? oneOf(random, badKeys) : null
    const group = parts.groupInstead
    if (kind === 'bad-group') parts.groupInstead = oneOf(random, badGroups)
    let end = this.#writer.write(target, start, parts)
    parts.timeInstead = null
    parts.keyInstead = null
    parts.groupInstead = group
    if (kind === 'too-long') end = this.#lengthen(target, start, end)
    if (kind === 'not-object') end = this.#unobject(target, start, end)
    if (kind === 'not-json') end = this.#breakJson(target, start, end)
    return end
  }

  /** A whole frame, only too long: a counter without the limit would count it. */
  #lengthen(target: Uint8Array, start: number, end: number): number {
    const after = start + this.#maxLine + 1 + this.#random.below(64)
    const opened = end - 1 + copy(target, end - 1, padding)
    target.fill(0x78, opened, after - 2)
    target[after - 2] = 0x22
    target[after - 1] = 0x7d
    return after
  }

  #unobject(target: Uint8Array, start: number, end: number): number {
    if (this.#random.below(2) === 0) return this.#text(target, start, notObjects)
    target.copyWithin(start + 1, start, end)
    target[start] = 0x5b
    target[end + 1] = 0x5d
    return end + 2
  }

  #breakJson(target: Uint8Array, start: number, end: number): number {
    const random = this.#random
    // At least one of uid and ts stands in every line: not-json frames have both.
    const key = this.#writer.parts.keyAt
    const time = this.#writer.parts.timeAt
    switch (random.below(12)) {
      case 0:
      case 1: // cut anywhere: an object that is never closed
        return start + 1 + random.below(end - start - 1)
      case 2: // a control character, NUL to BS, inside a string
        target[key + 8 + random.below(19)] = random.below(9)
        return end
      case 3: // no colon
        target[key + 6] = 0x3b
        return end
      case 4: // the opening quote of a key
        target[time + 1] = 0x27
        return end
      case 5: // an unknown word instead of a number
        target[time + 6] = 0x4e
        return end
      case 6: // the wrong closing bracket
        target[end - 1] = 0x5d
        return end
      case 7: // an unknown escape: the next byte becomes a letter that none has
        target[key + 8] = 0x5c
        target[key + 9] = 0x78
        return end
      case 8: // a brace too many
        target[end] = 0x7d
        return end + 1
      case 9: // an opening brace too many
        target.copyWithin(start + 1, start, end)
        return end + 1
      case 10: // a comma before the end
        target[end - 1] = 0x2c
        target[end] = 0x7d
        return end + 1
      default: // two values on one line
        return end + copy(target, end, secondValue)
    }
  }

  #text(target: Uint8Array, start: number, texts: readonly Uint8Array[]): number {
    return start + copy(target, start, oneOf(this.#random, texts))
  }
}

/** The most bytes that damage adds to a frame, except too-long. */
export const damageSlack = 64

const nothing = new Uint8Array(0)
const padding = encoded(',"padding":"')
const secondValue = encoded('{"uid":"0","ts":1}')
const blanks = ['', ' ', '\t', ' \t ', '\r', '    '].map(encoded)
const notObjects = [
  '"uid"',
  '1468244384',
  '-0.5',
  'true',
  'false',
  'null',
  '[]',
  '["uid","ts"]',
  ' [{}] ',
].map(encoded)
// No time in any unit: outside the years 0001 to 9998 even as nanoseconds, no finite number, or of another type.
const badTimes = [
  '"yesterday"',
  '""',
  'true',
  'false',
  'null',
  '{}',
  '[1468244384]',
  '{"ts":1468244384}',
  '1e400',
  '-1e400',
  '1e21',
  '-99999999999999999999999',
].map(encoded)
const badKeys = [
  'true',
  'false',
  'null',
  '{}',
  '[]',
  '["dcba"]',
  '{"uid":"dcba"}',
  '1.5',
  '5.0',
  '1e3',
  '-0.0',
  '1E2',
].map(encoded)
const badGroups = ['{}', '[]', '["v1"]', '1.5', '{"video":"v1"}', '-2.25'].map(encoded)

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function copy(target: Uint8Array, at: number, bytes: Uint8Array): number {
  target.set(bytes, at)
  return bytes.length
}

function oneOf<T>(random: Random, items: readonly T[]): T {
  return items[random.below(items.length)]!
}
