import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fixturePaths } from '@card/testing'
import murmur from 'murmurhash3js-revisited'
import { describe, expect, test } from 'vitest'
import type { FrameOptions } from '../src/index.js'
import { hex } from './model.js'
import { bytesOf, plainOptions, readAll } from './read-all.js'

function statuses(lines: string[], options: Partial<FrameOptions> = {}): string[] {
  const source = bytesOf(lines.join('\n'))
  return readAll(source, { ...plainOptions, ...options }).rows.map(({ status }) => status)
}

/** The hash of the key of `{"uid":<written>,"ts":1}`, or the reason. */
function keyHash(written: string | Uint8Array): string {
  const value = typeof written === 'string' ? bytesOf(written) : written
  const source = Uint8Array.from([...bytesOf('{"uid":'), ...value, ...bytesOf(',"ts":1}')])
  const [row] = readAll(source, plainOptions).rows
  return row!.status === 'counted' ? row!.hash : row!.status
}

function hashOf(identity: string | number[]): string {
  const bytes = typeof identity === 'string' ? bytesOf(identity) : Uint8Array.from(identity)
  return murmur.x64.hash128(bytes, 9001)
}

describe('reasons, the first that applies', () => {
  test.each([
    ['', 'not-json'],
    ['{', 'not-json'],
    ['{"uid":"u","ts":1}x', 'not-json'],
    ['{"uid":"u","ts":1}{}', 'not-json'],
    ['{"uid":"u","ts":01}', 'not-json'],
    ['{"uid":"u","ts":1,}', 'not-json'],
    ["{'uid':'u','ts':1}", 'not-json'],
    ['{"uid":"\\x","ts":1}', 'not-json'],
    ['{"uid":"\u0000","ts":1}', 'not-json'],
    ['\ufeff{"uid":"u","ts":1}', 'not-json'],
    ['\u00a0{"uid":"u","ts":1}', 'not-json'],
    ['{"uid":"u","ts":NaN}', 'not-json'],
    ['[{"uid":"u","ts":1}]', 'not-object'],
    ['"{}"', 'not-object'],
    ['null', 'not-object'],
    ['1', 'not-object'],
    ['{"uid":true}', 'missing-time'],
    ['{}', 'missing-time'],
    ['{"ts":"now"}', 'bad-time'],
    ['{"ts":1,"grp":{}}', 'missing-key'],
    ['{"ts":1,"uid":null,"grp":{}}', 'bad-key'],
    ['{"ts":1,"uid":true}', 'bad-key'],
    ['{"ts":1,"uid":["u"]}', 'bad-key'],
    ['{"ts":1,"uid":5.0}', 'bad-key'],
    ['{"ts":1,"uid":1e3}', 'bad-key'],
    ['{"ts":1,"uid":"u","grp":{}}', 'bad-group'],
    ['{"ts":1,"uid":"u","grp":[1]}', 'bad-group'],
    ['{"ts":1,"uid":"u","grp":1.5}', 'bad-group'],
    [`{"ts":1,"uid":"u","grp":"${'g'.repeat(1025)}"}`, 'bad-group'],
    [`{"ts":1,"uid":"u","grp":${'1'.repeat(1025)}}`, 'bad-group'],
    [`{"ts":1,"uid":"u","grp":"${'\\u00e9'.repeat(513)}"}`, 'bad-group'],
    [`{"ts":1,"uid":"u","grp":"${'\u00e9'.repeat(513)}"}`, 'bad-group'],
    [`{"ts":1,"uid":"u","grp":"${'\\u00e9'.repeat(512)}"}`, 'counted'],
    [`{"ts":1,"uid":"u","grp":"${'g'.repeat(1024)}"}`, 'counted'],
    ['{"ts":1,"uid":"u","grp":null}', 'counted'],
    ['{"ts":1,"uid":"u"}', 'counted'],
    [' \t\r{"ts":1,"uid":"u"} \t', 'counted'],
  ])('%j is %s', (line, expected) => {
    expect(statuses(['{"uid":"u","ts":1}', line || '"', '{"uid":"u","ts":1}'], { groupBy: 'grp' })).toEqual([
      'counted',
      expected,
      'counted',
    ])
  })

  test('without a key no key is missing, and the hash stays 0', () => {
    const { rows } = readAll(bytesOf('{"ts":1}\n{"ts":1,"uid":{}}'), { ...plainOptions, key: null })
    expect(rows.map(({ status, hash }) => [status, hash])).toEqual(Array(2).fill(['counted', '0'.repeat(32)]))
  })
})

describe('the identity of a key', () => {
  test.each<[string, string | number[]]>([
    ['"a"', 'a'],
    ['"\\u0061"', 'a'],
    ['""', ''],
    ['"\\b\\f\\n\\r\\t\\"\\\\\\/"', '\b\f\n\r\t"\\/'],
    ['"\\u00e9\\u20AC"', '\u00e9\u20ac'],
    ['"\\ud83d\\ude00"', '\u{1f600}'],
    ['"\\ud83d"', [0xef, 0xbf, 0xbd]],
    ['"\\ude00\\ud83d"', [0xef, 0xbf, 0xbd, 0xef, 0xbf, 0xbd]],
    ['"\\ud83d\\ud83d\\ude00"', '\ufffd\u{1f600}'],
    ['"\\ud83dx\\ude00"', '\ufffdx\ufffd'],
    ['"\\ud83d\\\\ude00"', '\ufffd\\ude00'],
    ['"a\\u0000b"', 'a\0b'],
    ['1', '1'],
    ['"1"', '1'],
    ['-1', '-1'],
    ['0', '0'],
    ['-0', '0'],
    ['9007199254740993', '9007199254740993'],
    ['12345678901234567890', '12345678901234567890'],
    [`1${'0'.repeat(5000)}`, `1${'0'.repeat(5000)}`],
    [`"${'\\u0061'.repeat(300)}"`, 'a'.repeat(300)],
  ])('of %s', (written, identity) => {
    expect(keyHash(written)).toBe(hashOf(identity))
  })

  test('raw bytes that are no UTF-8 are kept, and told apart', () => {
    const raw = [0x22, 0xff, 0xed, 0xa0, 0x80, 0x5c, 0x6e, 0xc3, 0x22]
    expect(keyHash(Uint8Array.from(raw))).toBe(hashOf([0xff, 0xed, 0xa0, 0x80, 0x0a, 0xc3]))
    expect(keyHash(Uint8Array.of(0x22, 0xfe, 0x22))).not.toBe(keyHash(Uint8Array.of(0x22, 0xff, 0x22)))
  })
})

describe('which value is taken', () => {
  test.each<[string, string, string]>([
    ['the last of a repeated key', 'uid', '{"uid":"x","ts":1,"uid":"hit"}'],
    ['the last spelling, escaped or not', 'uid', '{"\\u0075id":"x","ts":1,"u\\u0069d":"hit"}'],
    ['never a nested one', 'uid', '{"a":{"uid":"x"},"ts":1,"uid":"hit","b":[{"uid":"y"}]}'],
    ['never a longer or shorter name', 'uid', '{"xuid":"x","uidx":"x","ts":1,"uid":"hit","ui":"x","":"x"}'],
    ['inside an object by a path', 'a.b', '{"a.b":"x","b":"x","a":{"a":"x","b":"hit"},"ts":1}'],
    ['inside the last parent of a repeated one', 'a.b', '{"a":{"b":"x"},"ts":1,"a":{"b":"x","b":"hit"}}'],
    ['three steps down', 'a.b.c', '{"a":{"b":{"c":"x"},"c":"x","b":{"d":{"c":"x"},"c":"hit"}},"ts":1}'],
    ['of a name that objects inherit', '__proto__', '{"__proto__":"hit","ts":1}'],
    ['inside a name that objects inherit', '__proto__.x', '{"ts":1,"__proto__":{"x":"hit"}}'],
    ['of a name beyond ASCII', 'ключ', '{"ts":1,"ключ":"hit","клю":"x"}'],
    ['of a name beyond ASCII, escaped', 'ключ', '{"ts":1,"\\u043a\\u043bю\\u0447":"hit"}'],
  ])('%s', (_, key, line) => {
    const [row] = readAll(bytesOf(line), { ...plainOptions, key }).rows
    expect(row).toMatchObject({ status: 'counted', hash: hashOf('hit') })
  })

  test.each<[string, string]>([
    ['a.b', '{"ts":1}'],
    ['a.b', '{"ts":1,"a":{"b":"x"},"a":{}}'],
    ['a.b', '{"ts":1,"a":{"b":"x"},"a":null}'],
    ['a.b', '{"ts":1,"a":"b"}'],
    ['a.b', '{"ts":1,"a":["b"]}'],
    ['a.b', '{"ts":1,"a":[{"b":"x"}]}'],
    ['toString', '{"ts":1}'],
    ['__proto__', '{"ts":1}'],
    ['constructor.name', '{"ts":1}'],
  ])('%s is missing in %s', (key, line) => {
    expect(statuses([line], { key })).toEqual(['missing-key'])
  })

  test('a name with U+FFFD in it is found in every spelling that JSON.parse reads so', () => {
    for (const name of [[0xef, 0xbf, 0xbd], [0xff], [...bytesOf('\\ufffd')]]) {
      const line = Uint8Array.from([...bytesOf('{"ts":1,"'), ...name, ...bytesOf('":"hit"}')])
      expect(readAll(line, { ...plainOptions, key: '\ufffd' }).rows[0]).toMatchObject({ hash: hashOf('hit') })
    }
  })

  test('one value may be time, key and group at once', () => {
    const [row] = readAll(bytesOf('{"ts":7}'), { ...plainOptions, key: 'ts', groupBy: 'ts' }).rows
    expect(row).toMatchObject({ status: 'counted', time: 7000, hash: hashOf('7'), group: hex(bytesOf('7')) })
  })
})

describe('hostile lines, each between two good ones', () => {
  const good = '{"uid":"u","ts":1}'
  const deep = 100_000
  test.each<[string, string, string]>([
    ['nested 100,000 deep', `{"a":${'['.repeat(deep)}${']'.repeat(deep)},"uid":"u","ts":1}`, 'counted'],
    ['objects 100,000 deep', `{"uid":"u","ts":1,"a":${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}}`, 'counted'],
    ['100,000 brackets never closed', '['.repeat(deep), 'not-json'],
    ['a number of a million digits', `{"uid":"u","ts":1,"n":${'7'.repeat(1e6)}}`, 'counted'],
    ['a key of a million escapes', `{"uid":"${'\\u0061'.repeat(1e5)}","ts":1}`, 'counted'],
    ['100,000 members of the wanted name', `{"ts":1${',"uid":"u"'.repeat(deep)}}`, 'counted'],
    [
      '100,000 different members',
      `{"ts":1,"uid":1,${Array.from({ length: deep }, (_, i) => `"${i}":1`)}}`,
      'counted',
    ],
    ['an own __proto__', '{"__proto__":{"uid":"u","ts":1},"ts":1}', 'missing-key'],
    ['NUL bytes', '\0\0{"uid":"u","ts":1}', 'not-json'],
    ['U+2028 in a string', '{"uid":"\u2028","ts":1}', 'counted'],
  ])('%s', (_, line, expected) => {
    expect(statuses([good, line, good], { maxLine: 1 << 22 })).toEqual(['counted', expected, 'counted'])
    expect(Object.hasOwn(Object.prototype, 'uid')).toBe(false)
  })

  test('invalid UTF-8 counts as the decoded text would', () => {
    const inString = Uint8Array.from([...bytesOf('{"uid":"u","ts":1,"x":"'), 0xff, 0xc0, ...bytesOf('"}')])
    const outside = Uint8Array.from([...bytesOf('{"uid":"u","ts":1}'), 0xff])
    const cutShort = Uint8Array.from([...bytesOf('{"uid":"u","ts":1,"x":"'), 0xe2, 0x82, ...bytesOf('"}')])
    const found = [inString, outside, cutShort].map((line) => readAll(line, plainOptions).rows[0]!.status)
    expect(found).toEqual(['counted', 'not-json', 'counted'])
  })
})

const [realLines] = fixturePaths(join(import.meta.dirname, 'fixtures'), 'real-100.jsonl')
test.skipIf(realLines === undefined)(
  '100 real frames are 100 distinct users in one minute (needs CARD_FIXTURES with real-100.jsonl)',
  () => {
    const { rows, lines, blank } = readAll(readFileSync(realLines!), plainOptions)
    expect([lines, blank, rows.length]).toEqual([100, 0, 100])
    expect(rows.every(({ status }) => status === 'counted')).toBe(true)
    expect(new Set(rows.map(({ hash }) => hash)).size).toBe(100)
    expect(new Set(rows.map(({ time }) => Math.floor(time / 60_000))).size).toBe(1)
  },
)
