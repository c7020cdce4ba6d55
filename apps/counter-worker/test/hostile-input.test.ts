import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measuredRun } from '@card/testing'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { describe, expect, test } from 'vitest'
import { parseLines, program, run } from './program.js'

const folder = temporaryFolder('hostile')
const ts = 1_468_244_384
const good = (uid: string) => `{"uid":${JSON.stringify(uid)},"ts":${ts}}`
const deep = (open: string, close: string) => open.repeat(100_000) + close.repeat(100_000)

/** A line, and what becomes of it: null is counted. */
const cases: readonly (readonly [name: string, line: string | Uint8Array, reason: string | null])[] = [
  ['a line one byte too long', `{"uid":"a","ts":${ts},"x":"${'x'.repeat(1_048_576 - 30)}"}`, 'too-long'],
  ['a line of 64 MB', `{"uid":"a","ts":${ts},"x":"${'x'.repeat(64_000_000)}"}`, 'too-long'],
  ['a cut line', `{"uid":"a","ts":${ts}`, 'not-json'],
  ['two objects', `${good('a')}${good('b')}`, 'not-json'],
  ['a byte order mark in mid-stream', `\ufeff${good('a')}`, 'not-json'],
  ['a NUL byte', `\0${good('a')}`, 'not-json'],
  ['a NUL byte inside a string', `{"uid":"a\0b","ts":${ts}}`, 'not-json'],
  ['a lone brace', '{', 'not-json'],
  ['single quotes', `{'uid':'a','ts':${ts}}`, 'not-json'],
  ['a trailing comma', `{"uid":"a","ts":${ts},}`, 'not-json'],
  ['a leading zero', `{"uid":"a","ts":0${ts}}`, 'not-json'],
  ['an unfinished nesting of 100,000', '['.repeat(100_000), 'not-json'],
  ['an array', '[1,2]', 'not-object'],
  ['a nesting of 100,000 arrays', deep('[', ']'), 'not-object'],
  ['null', 'null', 'not-object'],
  ['a number of 5,000 digits', '9'.repeat(5_000), 'not-object'],
  ['no time', '{"uid":"a"}', 'missing-time'],
  ['a time under a prototype key', `{"uid":"a","__proto__":{"ts":${ts}}}`, 'missing-time'],
  ['no time and no key', '{}', 'missing-time'],
  ['a time that is text', '{"uid":"a","ts":"yesterday"}', 'bad-time'],
  ['a time that is null', '{"uid":"a","ts":null}', 'bad-time'],
  ['a time beyond every number', '{"uid":"a","ts":1e999}', 'bad-time'],
  ['a time of 5,000 digits', `{"uid":"a","ts":${'9'.repeat(5_000)}}`, 'bad-time'],
  ['a time in the year 10000', '{"uid":"a","ts":253402300800000000000}', 'bad-time'],
  ['no key', `{"ts":${ts}}`, 'missing-key'],
  ['a key in a nested object only', `{"a":{"uid":"x"},"ts":${ts}}`, 'missing-key'],
  ['a key of null', `{"uid":null,"ts":${ts}}`, 'bad-key'],
  ['a key that is an object', `{"uid":{"__proto__":1},"ts":${ts}}`, 'bad-key'],
  ['a fraction as a key', `{"uid":5.0,"ts":${ts}}`, 'bad-key'],
  ['the time before the key decides', '{"uid":1.5,"ts":true}', 'bad-time'],
  ['prototype keys', `{"__proto__":{"uid":"no"},"constructor":1,"uid":"proto","ts":${ts}}`, null],
  [
    'a nesting of 100,000 objects',
    `{"uid":"deep","ts":${ts},"x":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`,
    null,
  ],
  ['a number of 5,000 digits as a key', `{"uid":${'7'.repeat(5_000)},"ts":${ts}}`, null],
  ['a neighbour of it that differs in the last digit', `{"uid":${'7'.repeat(4_999)}8,"ts":${ts}}`, null],
  ['a lone surrogate', `{"uid":"\\ud800","ts":${ts}}`, null],
  ['the empty key', `{"uid":"","ts":${ts}}`, null],
  [
    'invalid UTF-8 in the key',
    Buffer.concat([Buffer.from('{"uid":"'), Buffer.from([0xff, 0xfe]), Buffer.from(`","ts":${ts}}`)]),
    null,
  ],
  [
    'other invalid UTF-8 in the key',
    Buffer.concat([Buffer.from('{"uid":"'), Buffer.from([0xff, 0xfd]), Buffer.from(`","ts":${ts}}`)]),
    null,
  ],
  ['repeated keys, the last one good', `{"uid":1.5,"ts":"x","uid":"last","ts":${ts}}`, null],
  ['CRLF', `${good('crlf')}\r`, null],
  ['U+2028 in a string', good('a\u2028b'), null],
]

describe('hostile lines', () => {
  test('are each counted or rejected as the contract says, and the good lines around them are counted', async () => {
    const rejects = join(folder, 'rejects')
    const summary = join(folder, 'summary')
    const parts: Uint8Array[] = []
    cases.forEach(([, line], index) => {
      parts.push(Buffer.from(`${good(`around ${index}`)}\n`), Buffer.from(line), Buffer.from('\n'))
    })
    const { code, stdout } = await run(['--rejects-file', rejects, '--summary', summary], parts)
    expect(code).toBe(0)
    const reasons = parseLines<{ reason: string }>(readFileSync(rejects, 'utf8')).map(({ reason }) => reason)
    expect(reasons).toEqual(cases.map(([, , reason]) => reason).filter((reason) => reason !== null))
    const counted = cases.length * 2 - reasons.length
    // Every counted line has a key of its own.
    expect(parseLines(stdout)).toMatchObject([{ count: counted, events: counted }])
    expect(JSON.parse(readFileSync(summary, 'utf8'))).toMatchObject({ lines: cases.length * 2, counted })
  })

  test('too many and too long groups, and too many held lines, stay in bounds', async () => {
    const summary = join(folder, 'groups')
    const lines = Array.from({ length: 3_000 }, (_, i) => `{"uid":"u${i}","ts":${ts},"g":"group ${i}"}`)
    // Held one by one: each is alone in its time, as damaged times are, and contradicted by the frame after it.
    const far = lines
      .slice(0, 1_500)
      .flatMap((line, i) => [
        `{"uid":"far","ts":${2e9 + i * 1e5},"g":"far","x":"${'x'.repeat(200_000)}"}`,
        line,
      ])
    const late = join(folder, 'late')
    const args = ['--group-by', 'g', '--max-groups', '100', '--late-file', late, '--summary', summary]
    const [input, results] = [join(folder, 'far.jsonl'), join(folder, 'results')]
    writeFileSync(input, `${[...lines, ...far].join('\n')}\n`)
    const { peakBytes } = await measuredRun(await program(), [input, ...args], { stdout: results })
    // A thousand held lines of 200 KB are 200 MB, which wait on disk.
    expect(peakBytes / 1e6).toBeLessThan(160)
    expect(parseLines(readFileSync(results, 'utf8'))).toHaveLength(101)
    const sums = JSON.parse(readFileSync(summary, 'utf8'))
    expect(sums.lines).toBe(6_000)
    expect(sums).toMatchObject({ counted: 4_500, late: { ahead: 1_500 } })
    expect(parseLines(readFileSync(late, 'utf8'))).toHaveLength(1_500)
  })
})
