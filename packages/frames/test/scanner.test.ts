import { describe, expect, test } from 'vitest'
import { FrameReader } from '../src/index.js'
import { type Comparison, compareReaders } from './compare-readers.js'
import { tails } from './hard-lines.js'
import { LineFuzzer } from './line-fuzzer.js'
import { bytesOf, plainOptions, readAll } from './read-all.js'

const options = { ...plainOptions, groupBy: 'grp' }
/** The first word of the hash of the key `u`. */
const hashOfU = readAll(bytesOf('{"uid":"u","ts":1}'), { ...plainOptions, simd: false }).rows.map(
  ({ hash }) => Number.parseInt(hash.slice(8, 16), 16),
)[0]!
const dotted = { ...options, key: 'user.id', time: 'at.ts', groupBy: 'user.group.name' }

function compareLines(lines: readonly string[], seen: Comparison, used = options): void {
  compareReaders(bytesOf(`${lines.join('\n')}\n`), used, [1 << 20], seen)
}

function nothingSeen(): Comparison {
  return { rows: [], scanned: 0 }
}

describe('the scanner agrees with JSON.parse', () => {
  test('runs in this engine, and takes plain lines itself', () => {
    const reader = new FrameReader(options)
    reader.write(
      bytesOf('{"uid":"u","ts":1,"grp":"g"}\n{"ts":1}\n{"uid":1,"ts":2}\n\n{"uid":"\\n","ts":2}\n'),
    )
    reader.next()
    expect([reader.scanning, reader.lines, reader.blank, reader.fallbacks]).toEqual([true, 5, 1, 0])
  })

  test('on every hard place at every position of a block', () => {
    const seen = nothingSeen()
    for (let pad = 0; pad <= 130; pad++) {
      compareLines(
        tails.map((tail) => `{"p":"${'f'.repeat(pad)}",${tail}`),
        seen,
      )
    }
    expect(seen.scanned).toBeGreaterThan(131 * 15)
    expect(seen.rows.reduce((sum, count) => sum + (count ?? 0), 0)).toBe(131 * tails.length)
  })

  test('on every byte of a line replaced, removed, put in, and on every end cut off', () => {
    const line = `{"a": {"uid":[1,true,"x\\n\\"y\\u0041"],"ts":{}},"uid":"dcba5742f8a6083a3a9" ,"ts":1468244384,"grp":"g","z":-1.5e3}`
    const replacements = [...'"\\{}[],:0-.eutnf \t\r\0y_']
    const lines: string[] = []
    for (let at = 0; at < line.length; at++) {
      const [before, after] = [line.slice(0, at), line.slice(at + 1)]
      lines.push(before, before + after)
      for (const byte of replacements) lines.push(before + byte + after, before + byte + line.slice(at))
    }
    const seen = nothingSeen()
    compareLines(lines, seen)
    compareLines(
      lines.map((damaged) => `{"p":"${'f'.repeat(17)}",${damaged.slice(1)}`),
      seen,
    )
    expect(seen.rows[0]).toBeGreaterThan(1000)
    expect(seen.rows[2]).toBeGreaterThan(1000)
  })

  test('without its help on good lines, whatever stands at the borders of blocks', () => {
    const good = String.raw`{ "o" : { } , "a" : [ [ ] , { "uid" : -1.5e-3 , "n" : null } , "\u0041\u00e9\uD83D" , 0 , false , 10 ] ,
      "e" : "\"\\\/\b\f\n\r\t" , "uid" : "u" , "ts" : 1468244384 , "grp" : "g" , "long" : "${'f'.repeat(150)}" }`
    const pieces = good.split(/\s+/)
    const lines: string[] = []
    for (const blanks of ['', ' ', '\t  ', ' '.repeat(63), ' '.repeat(64), ' '.repeat(70)]) {
      for (let pad = 0; pad < 64; pad++) {
        lines.push(`{"p":"${'f'.repeat(pad)}"${blanks},${pieces.slice(1).join(blanks)}${blanks}`)
      }
    }
    for (const line of lines) JSON.parse(line)
    const reader = new FrameReader(options)
    reader.write(bytesOf(`${lines.join('\n')}\n`))
    reader.next()
    expect([...new Set(reader.columns.status.subarray(0, reader.columns.rows))]).toEqual([0])
    expect([reader.columns.rows, reader.fallbacks]).toEqual([lines.length, 0])
    compareLines(lines, nothingSeen())
  })

  test('on every depth around that of its stack', () => {
    const seen = nothingSeen()
    for (const [open, close] of [
      ['[', ']'],
      ['{"uid":', '}'],
    ] as const) {
      for (let depth = 55; depth < 70; depth++) {
        const deep = `${open.repeat(depth)}1${close.repeat(depth)}`
        compareLines([`{"uid":"u","x":${deep},"ts":1}`, `{"uid":"u","x":${deep}${close},"ts":1}`], seen)
      }
    }
    expect(seen.rows[0]).toBe(30)
    expect(seen.rows[2]).toBe(30)
  })

  test('on dotted paths, repeated parents among them', () => {
    const seen = nothingSeen()
    const user = '"user":{"id":"u","group":{"name":"g"}}'
    const lines = [
      `{${user},"at":{"ts":1}}`,
      `{"user":{"id":"x"},"at":{"ts":9},"at":{"ts":1,"at":{"ts":5}},${user}}`,
      `{${user},"user":{"id":1,"id":2,"group":{"name":3,"name":true}},"at":{"ts":1}}`,
      `{${user},"user":{},"at":{"ts":1}}`,
      `{${user},"user":"id","at":{"ts":1}}`,
      `{${user},"at":[{"ts":1}]}`,
      `{${user},"at":{"at":{"ts":1}}}`,
      `{"user.id":"u","at.ts":1}`,
      `{"id":"u","ts":1,${user},"at":{"ts":1}}`,
      `{"user":{"id":"u","group":7},"at":{"ts":1}}`,
      `{"user":{"id":"u","group":{"name":null}},"at":{"ts":1}}`,
      `{"user":{"id":"u","group":{"name":[]}},"at":{"ts":1}}`,
    ]
    for (let pad = 0; pad < 70; pad++) {
      compareLines(
        lines.map((line) => line.replaceAll('"user":{', `"user":{"pad":"${'f'.repeat(pad)}",`)),
        seen,
        dotted,
      )
    }
    expect(seen.scanned).toBeGreaterThanOrEqual(70 * 10)
  })

  test('on times of every unit and shape', () => {
    const written = [
      '0',
      '1',
      '99999999999',
      '100000000000',
      '99999999999999',
      '100000000000000',
      '999999999999999',
    ]
    written.push(
      '1000000000000000',
      '253370764799',
      '253370764800',
      '253370764799999',
      '253370764800000',
      '-1',
      '007',
    )
    written.push('"2016-07-11T13:39:44Z"', '"2016-07-11T13:39:44.9999999Z"', '"2016-07-11T13:39:44.+01:00"')
    written.push(
      '"0000-12-31T23:59:59Z"',
      '"0001-01-01T00:00:00+00:01"',
      '"0001-01-01T00:00:00Z"',
      '"9998-12-31T23:59:59Z"',
    )
    written.push('"9998-12-31T23:59:59-00:01"', '"9999-01-01T00:00:00+00:01"', '"2016-07-11T13:39:44+24:00"')
    written.push(
      '"2016-07-11T24:00:00Z"',
      '"2016-07-11T13:39:60Z"',
      '"2016-07-11T13:39:44"',
      '"2016-07-11T13:39:44Zx"',
    )
    for (let year = 1899; year < 2105; year++) {
      for (const day of ['01-01', '02-28', '02-29', '03-01', '12-31', '04-31', '00-10', '13-01', '05-00']) {
        written.push(`"${year}-${day}T23:59:59.5+05:45"`)
      }
    }
    const lines = written.map((time) => `{"uid":"u","ts":${time}}`)
    for (const timeUnit of ['auto', 's', 'ms', 'us', 'ns', 'iso'] as const) {
      const seen = nothingSeen()
      compareLines(lines, seen, { ...options, timeUnit })
      expect(seen.rows[0]).toBeGreaterThan(5)
      expect(seen.scanned).toBeGreaterThanOrEqual(5)
    }
  })

  test('on 40,000 generated and damaged lines in chunks of any size', () => {
    const seen = nothingSeen()
    const fuzzer = new LineFuzzer(20161)
    for (let i = 0; i < 400; i++) {
      const options = fuzzer.options()
      compareReaders(fuzzer.source(100, options), options, fuzzer.chunkSizes(), seen)
    }
    // Otherwise it was not tried on what it is for: every status, lines that count and that the scanner takes itself.
    expect(seen.rows.filter((count) => count > 20).length).toBe(9)
    expect(seen.rows[0]).toBeGreaterThan(16_000)
    expect(seen.scanned).toBeGreaterThan(20_000)
  })
})

describe('groups in the scanner', () => {
  test('keep their ids apart after a sweep gave an id to another group', () => {
    const reader = new FrameReader(options)
    const read = (group: string) => {
      reader.write(bytesOf(`{"uid":"u","ts":1,"grp":"${group}"}\n`))
      reader.next()
      return reader.groups.text(reader.columns.group[0]!)
    }
    expect([read('a'), read('b'), read('a')]).toEqual(['a', 'b', 'a'])
    reader.groups.sweep(() => false)
    expect([read('c'), read('a'), read('b'), read('c')]).toEqual(['c', 'a', 'b', 'c'])
    expect(reader.groups.size).toBe(3)
  })

  test('are told apart in any number, also where they share an entry of the cache', () => {
    const reader = new FrameReader(options)
    // Some just too long for an entry of the cache, where they would reach into the next one.
    const groups = Array.from({ length: 20_000 }, (_, i) =>
      `group ${i}`.padEnd(i % 5 === 0 ? 57 + (i % 4) : 0, '.'),
    )
    for (let round = 0; round < 2; round++) {
      reader.write(bytesOf(groups.map((group) => `{"uid":"u","ts":1,"grp":"${group}"}\n`).join('')))
      const texts: (string | null)[] = []
      while (reader.next()) {
        for (const id of reader.columns.group.subarray(0, reader.columns.rows))
          texts.push(reader.groups.text(id))
      }
      expect(texts).toEqual(groups)
    }
    expect([reader.groups.size, reader.fallbacks]).toEqual([20_000, 0])
  })

  test('of lines that are too long are not taken in', () => {
    const reader = new FrameReader({ ...options, maxLine: 30 })
    reader.write(bytesOf(`{"uid":"u","ts":1,"grp":"x","filler":"f"}\n`))
    reader.next()
    expect([reader.columns.status[0], reader.columns.group[0], reader.groups.size]).toEqual([1, 0, 0])
  })
})

describe('lines that leave the scanner', () => {
  test('are those of more than 64 levels, and keys of more than 4,000 bytes with an escape', () => {
    const reader = new FrameReader(options)
    const deep = `{"uid":"u","ts":1,"x":${'['.repeat(64)}${']'.repeat(64)}}`
    const long = `{"uid":"${'\\n'.repeat(4200)}","ts":1}`
    expect(reader.fallbackExample).toBe(null)
    reader.write(bytesOf(`{"uid":"u","ts":1}\n${deep}\n${long}\n{"uid":"u"`))
    reader.endOfSource()
    reader.next()
    expect([...reader.columns.status.subarray(0, reader.columns.rows)]).toEqual([0, 0, 0, 2])
    expect(reader.fallbacks).toBe(2)
    expect(new TextDecoder().decode(reader.fallbackExample!)).toBe(deep)
  })

  test('are none for any reason of rejection', () => {
    const reader = new FrameReader({ ...options, maxLine: 2000 })
    const lines = [
      ...[
        '{"uid":"u","ts":1',
        '[1,2',
        '{',
        '}',
        'ts,uid',
        '1468244384,u',
        '"x',
        '"\\x"',
        '12x',
        'tru',
        '\ufeff{}',
      ],
      ...['[1]', '"x"', '"\\u00e9"', '12', '-1.5e3', 'true', 'null', '[]'],
      ...['{}', '{"ts":"now","uid":"u"}', '{"ts":[],"uid":"u"}', '{"ts":1e99,"uid":"u"}', '{"ts":1}'],
      ...['{"ts":1,"uid":1.5}', '{"ts":1,"uid":null}', '{"ts":1,"uid":"u","grp":[]}', 'x'.repeat(3000)],
      `{"ts":1,"uid":"u","grp":"${'g'.repeat(1025)}"}`,
    ]
    reader.write(bytesOf(`${lines.join('\n')}\n`))
    reader.next()
    const statuses = [...reader.columns.status.subarray(0, reader.columns.rows)]
    expect(statuses).toEqual([...Array(11).fill(2), ...Array(8).fill(3), 4, 5, 5, 5, 6, 7, 7, 8, 1, 8])
    expect([reader.fallbacks, reader.fallbackExample]).toEqual([0, null])
    compareLines(lines, nothingSeen())
  })
})

describe('names of any characters', () => {
  test.each([
    ['a"b', 'a"b'],
    ['back\\slash', 'back\\slash'],
    ['a\nb', 'a\nb'],
    ['id\\.orig_h', 'id.orig_h'],
    ['a\\\\', 'a\\'],
    ['\\@id', '@id'],
    ['\u00e9', '\u00e9'],
    ['\u{1f600}', '\u{1f600}'],
  ])('%j is looked for by the scanner, in each of its spellings', (key, name) => {
    const escaped = [...name.split('')].map(
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    for (const json of ['strict', 'trusted'] as const) {
      const reader = new FrameReader({ ...plainOptions, key, json })
      for (const spelling of [
        JSON.stringify(name),
        `"${escaped.join('')}"`,
        `"${escaped.join('').toUpperCase().replaceAll('U', 'u')}"`,
      ]) {
        reader.write(bytesOf(`{"x":"\\n",${spelling}:"u","ts":1}\n`))
        reader.next()
        expect([reader.columns.status[0], reader.columns.hash[0]]).toEqual([0, hashOfU])
      }
      expect([reader.noScanner, reader.fallbacks]).toEqual([null, 0])
    }
  })

  test('a name that would be an escape is not found as it stands', () => {
    for (const simd of [true, false]) {
      const reader = new FrameReader({ ...plainOptions, key: 'a\\b', simd })
      reader.write(bytesOf('{"a\\b":"u","ts":1}\n'))
      reader.next()
      expect(reader.columns.status[0]).toBe(6)
    }
  })

  test.each(['\ufffd', '\ud800'])(
    '%j, which invalid bytes stand for as well, leaves every line to JSON.parse',
    (key) => {
      const reader = new FrameReader({ ...options, key })
      reader.write(bytesOf(`{${JSON.stringify(key)}:"u","ts":1}\n`))
      reader.next()
      expect([reader.noScanner, reader.columns.status[0], reader.fallbacks]).toEqual(['name', 0, 1])
    },
  )
})
