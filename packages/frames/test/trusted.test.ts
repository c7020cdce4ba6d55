import { describe, expect, test } from 'vitest'
import type { FrameOptions } from '../src/index.js'
import { LineFuzzer } from './line-fuzzer.js'
import type { Model } from './model.js'
import { bytesOf, cut, plainOptions, readAll } from './read-all.js'

const trusted: FrameOptions = { ...plainOptions, groupBy: 'grp', json: 'trusted' }

function rowOf(line: string, options = trusted): Model['rows'][number] {
  const { rows } = readAll(bytesOf(`{"uid":"before","ts":1}\n${line}\n{"uid":"behind","ts":1}\n`), options)
  expect(rows.length).toBe(3)
  if (options.time === 'ts') expect([rows[0]!.status, rows[2]!.status]).toEqual(['counted', 'counted'])
  return rows[1]!
}

/** The row that the strict definition gives a line. */
function strictRow(line: string, options = trusted): Model['rows'][number] {
  return rowOf(line, { ...options, json: 'strict' })
}

describe('json: trusted', () => {
  test('gives what strict gives for good lines, whatever their blanks, escapes, nesting and position in a block', () => {
    const lines = [
      '{"uid":"u","ts":1,"grp":"g"}',
      ' {"x":{"uid":1,"ts":[2]},"ts" : 1 , "grp":7,"y":["uid",{"grp":3}],"uid"\t:\t"u"}\r',
      '{"a":"\\"uid\\":\\"","b":"\\\\","uid":"\\u0061","grp":true,"ts":1.5}',
      '{"uid":-5,"ts":1}',
      '{"uid":"u","ts":1,"grp":null}',
      '{"ts":1}',
      '{"uid":"u"}',
      '{"uid":[],"ts":1}',
      '{"uid":"u","ts":"1"}',
      '{}',
      '[{"uid":"u","ts":1}]',
      'x',
    ]
    const padded: string[] = []
    for (let pad = 0; pad < 140; pad++) {
      for (const line of lines) padded.push(line.replace('{', `{"p":"${'f'.repeat(pad)}",`))
    }
    const source = bytesOf(padded.join('\n'))
    const { rows } = readAll(source, trusted)
    expect(rows).toEqual(readAll(source, { ...trusted, json: 'strict' }).rows)
    expect(rows.length).toBe(140 * lines.length)
  })

  test('gives what strict gives on dotted paths and names of any length', () => {
    for (const name of ['n', 'n'.repeat(62), 'n'.repeat(63), 'n'.repeat(200)]) {
      const options = {
        ...trusted,
        key: `${name}.id`,
        time: name.replace('n', 'm'),
        groupBy: `${name}.group.${name}`,
      }
      const line = `{"p":{"${name}":{"id":"x"}},"${options.time}":1,"${name}":{"id":"u","group":{"${name}":"g"}},"q":1}`
      expect(rowOf(line, options)).toEqual(strictRow(line, options))
      expect(rowOf(line, options).status).toBe('counted')
    }
  })

  test('takes no end of a longer name with an escaped quote for a name', () => {
    const options = { ...trusted, time: 'timestam', groupBy: null }
    const line = '{"abc\\"uid":"x","uid":"u","timestam":1}'
    expect(rowOf(line, options)).toEqual(strictRow(line, options))
    expect(rowOf(line, options).hash).toBe(rowOf('{"uid":"u","timestam":1}', options).hash)
  })

  test('finds a group whose name is spelled with an escape, wherever the blocks divide it', () => {
    for (let pad = 0; pad < 140; pad++) {
      for (const name of ['\\u0067rp', 'g\\u0072p', 'gr\\u0070']) {
        const line = `{"uid":"u","ts":1,"p":"\\n${'f'.repeat(pad)}","${name}":"g"}`
        expect(rowOf(line)).toEqual(strictRow(line))
        expect(rowOf(line).group).toBe('67')
      }
    }
  })

  test('finds a group beside names with escapes, by JSON.parse', () => {
    const options = { ...trusted, groupBy: 'x.grp' }
    const line = '{"uid":"u","ts":1,"x":{"\\n":0,"grp":"g"}}'
    expect(rowOf(line, options)).toEqual(strictRow(line, options))
    expect(rowOf(line, options).group).toBe('67')
  })

  test('takes the first of repeated names, and does not notice what is broken behind the last wanted one', () => {
    const counted = strictRow('{"uid":"u","ts":1,"grp":"g"}')
    for (const line of [
      '{"uid":"u","ts":1,"grp":"g","uid":"v"}',
      '{"uid":"u","uid":"v","ts":1,"ts":2,"uid":"w","grp":"g"}',
      '{"uid":"u","ts":1,"grp":"g",,,',
      '{"uid":"u","ts":1,"grp":"g"}}',
      '{"uid":"u" "ts":1 "grp":"g"}',
    ]) {
      expect(rowOf(line)).toMatchObject({
        status: 'counted',
        hash: counted.hash,
        time: 1000,
        group: counted.group,
      })
    }
  })

  test('judges strictly the lines in which it does not find time and key', () => {
    expect(rowOf('{"\\u0075id":"u","ts":1}')).toEqual(strictRow('{"\\u0075id":"u","ts":1}'))
    const dotted = { ...trusted, time: 'at.ts' }
    for (const line of ['{"at":{},"uid":"u","at":{"ts":1}}', '{"at":{"x":1,},"uid":"u"}']) {
      expect(rowOf(line, dotted)).toEqual(strictRow(line, dotted))
    }
    expect(rowOf('{"uid":"u","ts":x,"x":}').status).toBe('not-json')
    expect(rowOf('{"uid":"u').status).toBe('not-json')
    expect(rowOf('{"uid":"u","ts":1,"grp":"g').status).toBe('not-json')
    expect(rowOf('{"ts":1,"uid":12').status).toBe('not-json')
  })

  test('cuts damaged sources into the same lines as strict, and judges each alike whatever the chunks', () => {
    const fuzzer = new LineFuzzer(7)
    let counted = 0
    for (let i = 0; i < 150; i++) {
      const options: FrameOptions = { ...fuzzer.options(), json: 'trusted' }
      const source = fuzzer.source(50, options)
      const whole = readAll(source, options)
      const strict = readAll(source, { ...options, json: 'strict' })
      const place = ({ offset, line }: Model['rows'][number]) => `${offset} ${line}`
      expect(whole.rows.map(place)).toEqual(strict.rows.map(place))
      expect([whole.lines, whole.blank]).toEqual([strict.lines, strict.blank])
      expect(readAll(source, options, cut(source, fuzzer.chunkSizes()))).toEqual(whole)
      counted += whole.rows.filter(({ status }) => status === 'counted').length
    }
    expect(counted).toBeGreaterThan(3000)
  })
})
