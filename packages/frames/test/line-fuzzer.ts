import { pathNames } from '../src/frame/member-path.js'
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
  '-1468244384.5e0',
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
/** Times as text, good ones and nearly good ones. */
const isoTimes = [
  '2016-07-11T13:39:44Z',
  '2016-07-11T13:39:44.123456+02:30',
  '2016-07-11T13:39:44',
  '2016-07-11 13:39:44,5',
  '2016-07-11 13:39:44.999999999 UTC',
  '2016-07-11t13:39:44.1z',
  '2016-07-11T13:39+02',
  '2016-07-11T13:39:44-0730',
  '2016-07-11 13:39:44 +0000',
  '2016-07-11T23:59:60Z',
  '2016-07-11T24:00',
  '2016-07-11T24:00:00.000Z',
  '2016-07-11',
  '1969-12-31T23:59:59.9999Z',
  '0001-01-01T00:00:00+00:01',
  '9998-12-31T23:59:60.5Z',
]
const oddIsoTimes = [
  '2016-02-30T00:00:00Z',
  '2016-07-11T24:00:01Z',
  '2016-07-11T13:39:61Z',
  '2016-07-11T13:39:44 ',
  '2016-07-11T13:39:44  Z',
  '2016-07-11T13:39:44.Z',
  '2016-07-11T13',
  '2016-07-11Z',
  '2016-07-11T13:39:44+2',
  '2016-07-11T13:39:44utc',
  '2016-7-11',
  'now',
  '',
]
const digitTimes = [
  '1468244384',
  '1468244384.25',
  '1468244384.123456789',
  '1468244384123',
  '1468244384123.5',
  '1468244384123456',
  '1468244384123456789',
  '-62135596800.001',
  '-1.5',
  '0',
  '99999999999.9',
  '100000000000',
  '99999999999999.9',
  '100000000000000',
  '99999999999999999.9',
  '100000000000000000',
  '9999999999999999999',
  '18446744073709551616',
  '253370764799999',
  '253370764800000',
]
const oddDigitTimes = [
  '+1468244384',
  '007',
  '00000000000000000001468244384',
  '1.',
  '.5',
  '1e9',
  '-',
  '1468244384x',
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

const isoTexts = isoTimes.map((text) => `"${text}"`)
const digitTexts = digitTimes.map((text) => `"${text}"`)
/** Such as are in the years that count, in the unit. */
const goodTimes: Readonly<Record<FrameOptions['timeUnit'], readonly string[]>> = {
  auto: [...digitTimes.slice(0, 7), ...digitTexts.slice(0, 7), ...isoTexts.slice(0, 14), '1.468244384E9'],
  s: ['1468244384', '1468244385.25', '"1468244385"', '-1.000000001'],
  ms: ['1468244384123', '1468244384123.5', '"1468244385123"', '1.468244384123e+12'],
  us: ['1468244384123456', '"1468244384123456"', '68244384123456'],
  ns: ['1468244384123456789', '"1468244384123456789"', '68244384123456.5'],
  iso: isoTexts.slice(0, 14),
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
        'a.uid',
        'a.a.a',
        'identifier-of-the-user',
        '__proto__',
        'a/b',
        'a\\.b',
        'a\\.b.uid',
        'u"id',
        'back\\slash',
        'имя.\u{1f600}',
        null,
      ]),
      time: this.#pick(['ts', 'ts', 'ts', 'ts', 'ts', 'ts', 'ts', 'ts', 'a', 'a.ts', 'a.b.ts', 'b', '@time']),
      timeUnit: this.#pick(['auto', 'auto', 'auto', 'auto', 's', 'ms', 'us', 'ns', 'iso']),
      groupBy: this.#pick([null, null, 'grp', 'a', 'a.b', 'a.grp', 'uid', 'ключ', 'a.b.c.d']),
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
    put(members, time, () =>
      this.below(20) === 0 ? this.#time() : this.#escaped(this.#pick(goodTimes[timeUnit])),
    )
    return this.#goodObject(members, 2)
  }

  #goodObject(members: Members, depth: number): string {
    const parts: string[] = []
    const add = (name: string, value: string) => {
      const part = `${this.#blank()}${name}${this.#blank()}:${this.#blank()}${value}${this.#blank()}`
      parts.splice(this.below(parts.length + 1), 0, part)
    }
    for (let left = this.below(5); left > 0; left--) {
      const name = this.below(60) === 0 ? this.#pick(oddNames) : this.#pick(names)
      if (!members.has(name)) add(`"${name}"`, this.#value(depth))
    }
    for (const [name, value] of members) {
      for (let left = this.below(8) === 0 ? 2 : 1; left > 0; left--)
        add(
          this.#escaped(JSON.stringify(name)),
          value instanceof Map ? this.#goodObject(value, depth - 1) : value(),
        )
    }
    return `{${parts.join(',')}}`
  }

  #goodValue(): string {
    const kind = this.below(20)
    if (kind === 0) return this.#text()
    if (kind < 3) return this.#pick(['7', '-12', '1468244384000', '0', '-0'])
    if (kind === 3) return this.#longText()
    const from = kind < 5 ? letters : plainLetters
    const text = this.#pick(from) + this.#pick(from)
    return this.#escaped(`"${kind < 15 ? text : text + 'f'.repeat(this.below(130))}"`)
  }

  #time(): string {
    switch (this.below(8)) {
      case 0:
        return this.#value(1)
      case 1:
        return this.#pick(numbers)
      case 2:
        return this.#escaped(`"${this.#pick(oddIsoTimes)}"`)
      case 3:
        return this.#escaped(this.#pick(isoTexts))
      case 4:
        return this.#escaped(`"${this.#pick(oddDigitTimes)}"`)
      case 5:
        return this.#pick(digitTexts)
      default:
        return this.#pick(digitTimes)
    }
  }

  /** A text in its quotes, sometimes with one of its characters, or all, as escapes. */
  #escaped(quoted: string): string {
    if (!quoted.startsWith('"') || quoted.includes('\\') || this.below(8) > 0) return quoted
    const every = this.below(3) === 0
    const at = this.below(quoted.length)
    const units = [...quoted.slice(1, -1).split('')].map((unit, i) => {
      if (!every && i !== at) return unit
      const code = unit.charCodeAt(0).toString(16).padStart(4, '0')
      return `\\u${this.below(2) === 0 ? code : code.toUpperCase()}`
    })
    return `"${units.join('')}"`
  }

  /** About as long as a group may be, or as there is room for in the scanner. */
  #longText(): string {
    const size = this.#pick([1024, 4096])
    const unit = this.#pick(['f', 'ж', '\\n', '\\u00e9', '\\ud83d\\ude00', '\u{1f600}'])
    const bytes = unit.startsWith('\\u') ? unit.length / 3 : unit === '\\n' ? 1 : Buffer.byteLength(unit)
    const count = this.below(4) > 0 ? 20 : Math.floor(size / bytes)
    return `"${unit.repeat(count)}${'f'.repeat(this.below(12))}"`
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
  const names = pathNames(path)
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
