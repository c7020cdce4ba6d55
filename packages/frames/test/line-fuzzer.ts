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

const goodTimes: Readonly<Record<FrameOptions['timeUnit'], readonly string[]>> = {
  auto: ['1468244384', '1468244385', '1468244384123', '1468244385123', times[0]!],
  s: ['1468244384', '1468244385'],
  ms: ['1468244384123', '1468244385123'],
  us: ['68244384123456', '68244385123456'],
  iso: times.slice(0, 2),
}
/** Such as the scanner leaves to JSON.parse. */
const longTimes: Readonly<Record<FrameOptions['timeUnit'], string>> = {
  auto: '1468244384123456',
  s: '1468244385.25',
  ms: '1468244384123.5',
  us: '1468244384123456',
  iso: times[1]!,
}
const plainLetters = letters.filter((text) => text.charCodeAt(0) < 128)

/** What the lines are to be read for. */
type Wanted = Pick<FrameOptions, 'key' | 'time' | 'timeUnit' | 'groupBy'>

const plainlyWanted: Wanted = { key: 'uid', time: 'ts', timeUnit: 'auto', groupBy: 'grp' }

/** Members of an object by name: how their values are made, or the members of those. */
type Members = Map<string, (() => string) | Members>

/**
 * Makes sources of lines that a scanner may get wrong: JSON full of wanted names, repeated, nested, escaped, at any
 * position of a block. Most lines are good ones, some anything, and some of both are damaged. All of it follows from
 * the seed.
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

  source(lines: number, wanted = plainlyWanted): Uint8Array {
    const parts: Buffer[] = []
    if (this.below(10) === 0) parts.push(Buffer.from('\ufeff'))
    for (let i = 0; i < lines; i++) {
      const text = this.below(6) === 0 ? this.#line() : this.#goodLine(wanted)
      let line: Buffer = Buffer.from(this.#blank() + text + this.#blank())
      while (this.below(8) === 0) line = this.#damage(line)
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

  /** A line that most likely counts, but for what its strings and its other members may hold. */
  #goodLine({ key, time, timeUnit, groupBy }: Wanted): string {
    const members: Members = new Map()
    if (groupBy !== null && this.below(5) > 0) put(members, groupBy, () => this.#goodValue())
    if (key !== null) put(members, key, () => this.#goodValue())
    put(members, time, () => (this.below(20) === 0 ? longTimes[timeUnit] : this.#pick(goodTimes[timeUnit])))
    return this.#goodObject(members, 2)
  }

  #goodObject(members: Members, depth: number): string {
    const parts: string[] = []
    const add = (name: string, value: string) => {
      const part = `${this.#blank()}"${name}"${this.#blank()}:${this.#blank()}${value}${this.#blank()}`
      parts.splice(this.below(parts.length + 1), 0, part)
    }
    for (let left = this.below(5); left > 0; left--) {
      const name = this.below(60) === 0 ? this.#pick(oddNames) : this.#pick(names)
      if (!members.has(name)) add(name, this.#value(depth))
    }
    for (const [name, value] of members) {
      for (let left = this.below(8) === 0 ? 2 : 1; left > 0; left--)
        add(name, value instanceof Map ? this.#goodObject(value, depth - 1) : value())
    }
    return `{${parts.join(',')}}`
  }

  #goodValue(): string {
    const kind = this.below(20)
    if (kind === 0) return this.#text()
    if (kind < 3) return this.#pick(['7', '-12', '1468244384000', '0'])
    const from = kind < 5 ? letters : plainLetters
    const text = this.#pick(from) + this.#pick(from)
    return `"${kind < 15 ? text : text + 'f'.repeat(this.below(130))}"`
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
    if (this.below(40) === 0) return this.#deep()
    return `[${Array.from({ length: this.below(4) }, () => this.#blank() + this.#value(depth - 1)).join(',')}]`
  }

  /** As many levels as a scanner may count in a word, more or fewer, and sometimes ended wrongly. */
  #deep(): string {
    let open = ''
    let close = ''
    for (let left = 60 + this.below(8); left > 0; left--) {
      const isObject = this.below(4) === 0
      open += isObject ? '{"a":' : '['
      close = (isObject ? '}' : ']') + close
    }
    const wrong = this.below(4)
    if (wrong === 0) close += this.#pick([']', '}'])
    if (wrong === 1) close = close.slice(0, -1) + this.#pick(['', ']', '}'])
    return `${open}${close.startsWith('}') ? '0' : ''}${close}`
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

/** Where two paths want different values at one place, the later one has it. */
function put(members: Members, path: string, value: () => string): void {
  const names = path.split('.')
  const last = names.pop()!
  let within = members
  for (const name of names) {
    const found = within.get(name)
    const next: Members = found instanceof Map ? found : new Map()
    within.set(name, next)
    within = next
  }
  within.set(last, value)
}
