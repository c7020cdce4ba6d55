import type { FrameOptions } from '../src/index.js'

const names = [
  'uid',
  'uid',
  'ts',
  'ts',
  'grp',
  'a',
  'b',
  'ats',
  'uidx',
  'xuid',
  'identifier-of-the-user',
  '__proto__',
  '',
]
const oddNames = ['\\u0075id', 'u\\"id', '\\\\uid', 'ключ', 'ui\\u0064', 'a\\/b', 'uid\\\\', '\\uD83D\\ude00']
const numbers = [
  '0',
  '-0',
  '7',
  '1468244384',
  '1468244384000',
  '1468244384000000',
  '1.5',
  '1e3',
  '-12',
  '0.0E+1',
]
const oddNumbers = [
  '01',
  '1.',
  '.5',
  '+1',
  '1e',
  '-',
  '1e400',
  '123456789012345',
  '1234567890123456',
  'NaN',
  '0x1',
]
const letters = [
  'a',
  'xyz',
  ' ',
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  'uid',
  'ж',
  '\u2028',
  '\u{1f600}',
  'dcba5742f8a6083a3a9',
]
const escapes = [
  '\\n',
  '\\"',
  '\\\\',
  '\\/',
  '\\b',
  '\\f',
  '\\r',
  '\\t',
  '\\u0041',
  '\\ud800',
  '\\ud83d\\ude00',
  '\\u00E9',
]
const oddText = ['\\x', '\\u12', '\\u12G4', '\t', '\0', '\x1f', '\x7f', '\\']
const times = [
  '"2016-07-11T13:39:44Z"',
  '"2016-07-11T13:39:44.123456+02:30"',
  '"2016-02-30T00:00:00Z"',
  '"2016-07-11"',
]
const bytes = [
  ...Buffer.from('"\\{}[],:  \t\r\n0159-+.eEuabtrfnlsyY_'),
  0,
  0x1f,
  0x7f,
  0x80,
  0xbf,
  0xc3,
  0xe2,
  0xff,
]

/**
 * Makes sources of lines that a scanner may get wrong: JSON full of wanted names, repeated, nested, escaped, at any
 * position of a block, and the same lines damaged. All of it follows from the seed.
 */
export class LineFuzzer {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  options(): FrameOptions {
    return {
      key: this.#pick([
        'uid',
        'uid',
        'uid',
        'a.b',
        'uid.a.b',
        'identifier-of-the-user',
        '__proto__',
        'a/b',
        null,
      ]),
      time: this.#pick(['ts', 'ts', 'ts', 'ts', 'ts', 'ts', 'ts', 'ts', 'ts', 'a.ts', 'b']),
      timeUnit: this.#pick(['auto', 'auto', 'auto', 's', 'ms', 'us', 'iso']),
      groupBy: this.#pick([null, null, 'grp', 'a', 'a.b', 'uid', 'ключ']),
      maxLine: this.below(10) > 0 ? 1 << 20 : this.#pick([300, 64]),
      rows: this.#pick([4096, 1, 7, 64]),
    }
  }

  chunkSizes(): number[] {
    return [1 + this.below(this.#pick([10, 100, 1000, 100_000])), 1 + this.below(200)]
  }

  source(lines: number): Uint8Array {
    const parts: Buffer[] = []
    if (this.below(10) === 0) parts.push(Buffer.from('\ufeff'))
    for (let i = 0; i < lines; i++) {
      let line: Buffer = Buffer.from(this.#blank() + this.#line() + this.#blank())
      while (this.below(4) === 0) line = this.#damage(line)
      parts.push(line, Buffer.from(this.below(6) === 0 ? '\r\n' : '\n'))
    }
    const source = Buffer.concat(parts)
    return new Uint8Array(source.subarray(0, source.length - this.below(2)))
  }

  /** An integer from 0 to `end - 1` (mulberry32). */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % end
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!
  }

  #blank(): string {
    return this.below(8) === 0 ? this.#pick([' ', '\t', '\r', '   ', ' '.repeat(70)]) : ''
  }

  #line(): string {
    if (this.below(30) === 0) return this.#value(3)
    const members = Array.from({ length: this.below(9) }, () => this.#member(3))
    if (this.below(10) > 0) members.splice(this.below(members.length + 1), 0, `"ts":${this.#time()}`)
    if (this.below(10) > 0) members.splice(this.below(members.length + 1), 0, `"uid":${this.#key()}`)
    return `{${members.join(',')}}`
  }

  #time(): string {
    if (this.below(4) > 0) return this.#pick(['1468244384', '1468244385', '1468244384123'])
    return this.below(2) === 0 ? this.#pick(times) : this.#pick(numbers)
  }

  #key(): string {
    return this.below(4) === 0 ? this.#value(1) : this.#text()
  }

  #member(depth: number): string {
    const name = this.below(12) === 0 ? this.#pick(oddNames) : this.#pick(names)
    return `${this.#blank()}"${name}"${this.#blank()}:${this.#blank()}${this.#value(depth)}${this.#blank()}`
  }

  #value(depth: number): string {
    const kind = this.below(depth > 0 ? 12 : 8)
    if (kind < 4) return this.#text()
    if (kind < 6) return this.below(20) === 0 ? this.#pick(oddNumbers) : this.#pick(numbers)
    if (kind < 8) return this.#pick(['true', 'false', 'null', '""'])
    if (kind < 11)
      return `{${Array.from({ length: this.below(4) }, () => this.#member(depth - 1)).join(',')}}`
    if (this.below(40) === 0) return '['.repeat(60 + this.below(8)) + ']'.repeat(60 + this.below(8))
    return `[${Array.from({ length: this.below(4) }, () => this.#blank() + this.#value(depth - 1)).join(',')}]`
  }

  #text(): string {
    let text = ''
    for (let left = this.below(6); left > 0; left--) {
      if (this.below(4) > 0) text += this.#pick(letters)
      else if (this.below(40) > 0) text += this.#pick(escapes)
      else text += this.#pick(oddText)
    }
    if (this.below(3) === 0) text += 'f'.repeat(this.below(130))
    if (this.below(8) === 0) text += '\\\\'.repeat(this.below(40))
    return `"${text}"`
  }

  #damage(line: Buffer): Buffer {
    const at = this.below(line.length + 1)
    const to = Math.min(line.length, at + 1 + this.below(this.#pick([1, 4, 40])))
    const before = line.subarray(0, at)
    const insert = (piece: Uint8Array, from: number) => Buffer.concat([before, piece, line.subarray(from)])
    switch (this.below(5)) {
      case 0:
        return insert(Buffer.of(this.#pick(bytes)), at + 1)
      case 1:
        return insert(Buffer.of(this.#pick(bytes)), at)
      case 2:
        return insert(Buffer.alloc(0), to)
      case 3:
        return insert(line.subarray(at, to), at)
      default:
        return before
    }
  }
}
