import { Random } from './random.js'
import { cyrillicTexts, joiners, keyWords, textWords } from './vocabulary.js'

export interface FillerOptions {
  readonly seed: number
  /** Root keys that filler must not use, since a repeated root key would change the frame. */
  readonly reserved: readonly string[]
  /** Keys are placeholders that the frame writer overwrites. */
  readonly fresh: boolean
}

/** One rendered member, `,"key":value`, ready to be copied. */
export interface Segment {
  readonly bytes: Uint8Array
  /** Where the random letters of its fresh keys go. */
  readonly freshAt: Uint16Array
}

/** Pools of rendered members. Decoys hold nested objects with their own uid, ts and group of any type. */
export interface Filler {
  readonly small: readonly Segment[]
  readonly large: readonly Segment[]
  readonly smallDecoys: readonly Segment[]
  readonly largeDecoys: readonly Segment[]
}

/** The longest small member in bytes, and so the most by which a line exceeds its least length. */
export const smallSegment = 76
const largeSegment = 420
/** Random letters at the start of a fresh key. */
export const freshLetters = 6
const placeholder = '#'.repeat(freshLetters)

/** Renders the pools; the same for the same options. */
export function renderFiller(options: FillerOptions): Filler {
  const renderer = new Renderer(options)
  return {
    small: renderer.pool(320, 12, smallSegment, () => renderer.scalar()),
    large: renderer.pool(160, smallSegment, largeSegment, () => renderer.nested(1)),
    smallDecoys: renderer.pool(48, 20, smallSegment, () => renderer.decoy(1)),
    largeDecoys: renderer.pool(96, smallSegment, largeSegment, () =>
      renderer.decoy(3 + renderer.random.below(7)),
    ),
  }
}

class Renderer {
  readonly random: Random
  readonly #keys: readonly string[]
  readonly #decoyKeys: readonly string[]
  readonly #fresh: boolean

  constructor(options: FillerOptions) {
    this.random = new Random(options.seed, 0xf111e4)
    this.#keys = keyWords.filter((word) => !options.reserved.includes(word))
    this.#decoyKeys = options.reserved
    this.#fresh = options.fresh
  }

  pool(count: number, least: number, greatest: number, value: () => string): Segment[] {
    const segments: Segment[] = []
    while (segments.length < count) {
      const bytes = new TextEncoder().encode(`,"${this.#key()}":${value()}`)
      if (bytes.length >= least && bytes.length <= greatest)
        segments.push({ bytes, freshAt: placeholders(bytes) })
    }
    return segments
  }

  scalar(): string {
    const kind = this.random.below(20)
    if (kind < 11) return `"${this.#text()}"`
    if (kind < 13) return String(this.random.below(100_000) - 1000)
    if (kind < 15) return this.#oneOf(['0.0542', '-17.25', '3.0', '1.5e3', '6E-2', '0', '-0', '20.403514'])
    if (kind < 17) return this.#oneOf(['true', 'false', 'null'])
    return this.#oneOf(['{}', '[]'])
  }

  nested(depth: number): string {
    const count = 2 + this.random.below(5)
    const value = () => (depth < 4 && this.random.below(5) === 0 ? this.nested(depth + 1) : this.scalar())
    if (this.random.below(2) === 0) return `[${Array.from({ length: count }, value).join(',')}]`
    return `{${Array.from({ length: count }, () => `"${this.#key()}":${value()}`).join(',')}}`
  }

  decoy(members: number): string {
    const inner = Array.from({ length: members }, () => `"${this.#key()}":${this.scalar()}`)
    for (const key of this.#decoyKeys) {
      inner.splice(this.random.below(inner.length + 1), 0, `"${key}":${this.#garbage()}`)
    }
    if (members === 1) inner.splice(this.random.below(2), 1)
    const object = `{${inner.join(',')}}`
    return this.random.below(3) === 0 ? `[${object}]` : object
  }

  #garbage(): string {
    return this.#oneOf([
      '"dcba98"',
      '1468244384',
      '-1',
      'true',
      'null',
      '[]',
      '{}',
      '{"uid":"0","ts":0}',
      '""',
      '2.5',
    ])
  }

  #key(): string {
    // The full stop keeps a fresh key apart from every group field that the options accept.
    return this.#fresh ? `${placeholder}.` : this.#oneOf(this.#keys)
  }

  #text(): string {
    if (this.random.below(4) === 0) return this.#oneOf(cyrillicTexts)
    const joiner = this.#oneOf(joiners)
    return Array.from({ length: 1 + this.random.below(9) }, () => this.#oneOf(textWords)).join(joiner)
  }

  #oneOf<T>(items: readonly T[]): T {
    return items[this.random.below(items.length)]!
  }
}

function placeholders(bytes: Uint8Array): Uint16Array {
  const found: number[] = []
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 0x23) continue
    found.push(at)
    at += freshLetters
  }
  return Uint16Array.from(found)
}
