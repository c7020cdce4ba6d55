import { Random } from './random.js'
import { cyrillicTexts, joiners, keyWords, textWords } from './vocabulary.js'

/**
 * Where filler keys come from: `mixed` a vocabulary, in any order and some twice, as in the published stream;
 * `repeated` the same keys in the same order in every line, each once; `fresh` new keys in every line, which
 * the segments hold as placeholders. JSON.parse takes two to three times longer for fresh than for repeated ones.
 */
export type KeyShapes = 'mixed' | 'repeated' | 'fresh'

export interface FillerOptions {
  readonly seed: number
  /** Root keys that filler must not use, since a repeated root key would change the frame. */
  readonly reserved: readonly string[]
  readonly keyShapes: KeyShapes
}

/** Members rendered side by side, `,"key":value,…`, ready to be copied. */
export interface Segment {
  readonly bytes: Uint8Array
  /** Where the random letters of its fresh keys go. */
  readonly freshAt: Uint16Array
  /** How many members, and so slots, it covers. */
  readonly members: number
}

/**
 * Pools of segments: `pool[slot * (pool.length / fillerSlots) + any]`. The slot alone decides the root keys,
 * so lines that take the slots in order have the same keys in the same order.
 * Decoys hold nested objects with their own uid, ts and group of any type.
 */
export interface Filler {
  readonly small: readonly Segment[]
  readonly large: readonly Segment[]
  readonly smallDecoys: readonly Segment[]
  readonly largeDecoys: readonly Segment[]
}

/** A power of two, for the slots are numbered in a circle. */
export const fillerSlots = 128
/** The longest small member in bytes, and so the most by which a line exceeds its least length. */
export const smallSegment = 76
const largeSegment = 420
const runMembers = 5
/** Random letters at the start of a fresh key. */
export const freshLetters = 6
const placeholder = '#'.repeat(freshLetters)
const garbage = [
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
]
const numbers = ['0.0542', '-17.25', '3.0', '1.5e3', '6E-2', '0', '-0', '20.403514']

/** Renders the pools; the same for the same options. */
export function renderFiller(options: FillerOptions): Filler {
  const renderer = new Renderer(options)
  return {
    small: renderer.pool(4, smallSegment, () => renderer.scalar()),
    large: renderer.pool(4, largeSegment, (variant) => (variant < 2 ? null : renderer.nested(1))),
    smallDecoys: renderer.pool(1, smallSegment, () => renderer.decoy(1)),
    largeDecoys: renderer.pool(1, largeSegment, () => renderer.decoy(3 + renderer.random.below(7))),
  }
}

class Renderer {
  readonly random: Random
  readonly #keys: readonly string[]
  readonly #reserved: readonly string[]
  readonly #slotKeys: readonly string[]
  readonly #keyShapes: KeyShapes

  constructor(options: FillerOptions) {
    this.random = new Random(options.seed, 0xf111e4)
    this.#keys = keyWords.filter((word) => !options.reserved.includes(word))
    this.#reserved = options.reserved
    this.#keyShapes = options.keyShapes
    const { keyShapes } = options
    // Every word has a slot before one has two: so about five root keys of a mixed 2 KB line come twice.
    this.#slotKeys = keyShapes === 'mixed' ? this.#wordsInOrder(fillerSlots, '') : this.#keysOf(fillerSlots)
  }

  /** @param value renders a variant's value; null asks for a run of scalar members instead */
  pool(variants: number, greatest: number, value: (variant: number) => string | null): Segment[] {
    const segments: Segment[] = []
    while (segments.length < fillerSlots * variants) {
      const slot = Math.floor(segments.length / variants)
      const text = value(segments.length % variants)
      const members = text === null ? runMembers : 1
      let source = ''
      for (let member = 0; member < members; member++) {
        source += `,"${this.#slotKeys[(slot + member) % fillerSlots]}":${text ?? this.scalar()}`
      }
      const bytes = new TextEncoder().encode(source)
      if (bytes.length <= greatest) segments.push({ bytes, freshAt: placeholders(bytes), members })
    }
    return segments
  }

  scalar(): string {
    const kind = this.random.below(20)
    if (kind < 15) return `"${this.#text()}"`
    if (kind < 16) return String(this.random.below(100_000) - 1000)
    if (kind < 17) return this.#oneOf(numbers)
    if (kind < 18) return this.#oneOf(['true', 'false', 'null'])
    return this.#oneOf(['{}', '[]'])
  }

  nested(depth: number): string {
    const count = 2 + this.random.below(5)
    const value = () => (depth < 4 && this.random.below(5) === 0 ? this.nested(depth + 1) : this.scalar())
    if (this.random.below(2) === 0) return `[${Array.from({ length: count }, value).join(',')}]`
    return `{${this.#keysOf(count)
      .map((key) => `"${key}":${value()}`)
      .join(',')}}`
  }

  decoy(members: number): string {
    const inner = this.#keysOf(members).map((key) => `"${key}":${this.scalar()}`)
    for (const key of this.#reserved) {
      inner.splice(this.random.below(inner.length + 1), 0, `"${key}":${this.#oneOf(garbage)}`)
    }
    const object = `{${inner.join(',')}}`
    return this.random.below(3) === 0 ? `[${object}]` : object
  }

  /** The keys of one object. */
  #keysOf(count: number): string[] {
    // The full stop keeps a fresh key apart from every group field that the options accept.
    if (this.#keyShapes === 'fresh') return Array.from({ length: count }, () => `${placeholder}.`)
    if (this.#keyShapes === 'mixed') return Array.from({ length: count }, () => this.#oneOf(this.#keys))
    return this.#wordsInOrder(count, '.')
  }

  /** Words in order from a random one on; from the second round on each is marked, if a mark is given. */
  #wordsInOrder(count: number, mark: string): string[] {
    const words = this.#keys
    const first = this.random.below(words.length)
    return Array.from({ length: count }, (_, index) => {
      return words[(first + index) % words.length]! + mark.repeat(Math.floor(index / words.length))
    })
  }

  #text(): string {
    if (this.random.below(5) === 0) return this.#oneOf(cyrillicTexts)
    const joiner = this.#oneOf(joiners)
    return Array.from({ length: 5 + this.random.below(6) }, () => this.#oneOf(textWords)).join(joiner)
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
