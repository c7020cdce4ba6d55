import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameReader, GroupTable } from '../src/index.js'
import { bytesOf, plainOptions, readAll } from './read-all.js'

describe('groups of frames', () => {
  test('are the text of a string, integer or boolean; missing and null are group 0', () => {
    const written = ['"1"', '1', 'true', '"true"', '-0', '0', '""', 'null', '"\\u0061"', '"a"']
    const reader = new FrameReader({ ...plainOptions, groupBy: 'g' })
    reader.write(
      bytesOf(`${written.map((g) => `{"uid":"u","ts":1,"g":${g}}\n`).join('')}{"uid":"u","ts":1}\n`),
    )
    reader.next()
    const ids = [...reader.columns.group.subarray(0, reader.columns.rows)]
    const texts = ids.map((id) => reader.groups.text(id))
    expect(texts).toEqual(['1', '1', 'true', 'true', '0', '0', '', null, 'a', 'a', null])
    expect(new Set(ids).size).toBe(6)
    expect(ids[7]).toBe(0)
    expect(ids[6]).not.toBe(0)
    expect(reader.groups.size).toBe(5)
  })

  test('a rejected row has group 0 and adds none', () => {
    const reader = new FrameReader({ ...plainOptions, groupBy: 'g' })
    reader.write(bytesOf('{"uid":"u","g":"x"}\n{"uid":{},"ts":1,"g":"y"}\n'))
    reader.next()
    expect([...reader.columns.group.subarray(0, 2), reader.groups.size]).toEqual([0, 0, 0])
  })

  test('that differ in invalid UTF-8 only are two', () => {
    const line = (byte: number) => [...bytesOf('{"uid":"u","ts":1,"g":"'), byte, ...bytesOf('"}\n')]
    const source = Uint8Array.from([...line(0xfe), ...line(0xff)])
    const { rows } = readAll(source, { ...plainOptions, groupBy: 'g' })
    expect(rows.map(({ group }) => group)).toEqual(['fe', 'ff'])
  })

  test('may be a hundred thousand bytes long', () => {
    const name = 'ж'.repeat(50_000)
    const groups = new GroupTable()
    const id = groups.id(name)
    expect(groups.text(id)).toBe(name)
    expect(groups.id(name)).toBe(id)
  })
})

describe('the table', () => {
  test('gives a text one id, and the text and bytes back', () => {
    const groups = new GroupTable()
    const ids = ['__other__', '', 'Не', '__proto__', '\ud800'].map((text) => groups.id(text))
    expect(ids.every((id) => id > 0)).toBe(true)
    expect(new Set(ids).size).toBe(5)
    expect(ids.map((id) => groups.text(id))).toEqual(['__other__', '', 'Не', '__proto__', '\ufffd'])
    expect(groups.bytes(ids[2]!)).toEqual(bytesOf('Не'))
    expect(groups.id('\ufffd')).toBe(ids[4])
    expect(groups.text(0)).toBe(null)
    expect(groups.bytes(0)).toEqual(new Uint8Array(0))
  })

  test('frees the ids that are not live, keeps the others, and uses the freed ones again', () => {
    const groups = new GroupTable()
    const ids = Array.from({ length: 100 }, (_, i) => groups.id(`group ${i}`))
    groups.sweep((id) => id % 2 === 0)
    expect(groups.size).toBe(50)
    for (const [i, id] of ids.entries()) expect(groups.text(id)).toBe(id % 2 === 0 ? `group ${i}` : null)
    const fresh = Array.from({ length: 50 }, (_, i) => groups.id(`fresh ${i}`))
    expect(Math.max(...fresh)).toBeLessThanOrEqual(Math.max(...ids))
    expect(groups.size).toBe(100)
    expect(groups.id('group 0')).toBeGreaterThan(Math.max(...ids))
  })
})

test('ids are ordered by the bytes of their groups, the null group first', () => {
  const groups = new GroupTable()
  const names = ['b', '', 'é', 'a', 'ab', '\u{1f600}', '\uffff']
  const ids = [...names.map((name) => groups.id(name)), 0]
  const sorted = ids.sort((a, b) => groups.compare(a, b)).map((id) => groups.text(id))
  const bytes = (name: string) => new TextEncoder().encode(name)
  expect(sorted).toEqual([null, ...names.sort((a, b) => Buffer.compare(bytes(a), bytes(b)))])
})

test('ranks are the order of bytes, through new groups and freed ones', () => {
  const word = fc.string({ unit: 'binary', maxLength: 4 })
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ add: fc.array(word, { maxLength: 20 }) }) },
    { weight: 1, arbitrary: fc.record({ free: fc.nat({ max: 3 }) }) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const groups = new GroupTable()
      const live = new Set<number>()
      for (const todo of steps) {
        if ('add' in todo) for (const text of todo.add) live.add(groups.id(text))
        else {
          for (const id of live) if (id % 4 === todo.free) live.delete(id)
          groups.sweep((id) => live.has(id))
        }
        const ranks = groups.ranks()
        const sorted = [...live].sort((a, b) => groups.compare(a, b))
        expect(Array.from([0, ...sorted], (id) => ranks[id])).toEqual(
          Array.from([0, ...sorted], (_, rank) => rank),
        )
      }
    }),
  )
})
