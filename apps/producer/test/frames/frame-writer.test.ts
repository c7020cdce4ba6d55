import { describe, expect, test } from 'vitest'
import { rootValues } from '../model/root-values.js'
import { runInMemory } from '../model/run-in-memory.js'

const lines = async (raw: Parameters<typeof runInMemory>[0]) =>
  (await runInMemory(raw)).bytes.toString('utf8').trimEnd().split('\n')

describe('a frame', () => {
  test('is longer than the line length by 1 to 76 bytes', async () => {
    for (const [lineLength, least] of [
      ['2048', 2049],
      ['250', 251],
    ] as const) {
      const lengths = (await lines({ frames: '2000', lineLength })).map((line) => Buffer.byteLength(line))
      expect(Math.min(...lengths)).toBeGreaterThanOrEqual(least)
      expect(Math.max(...lengths)).toBeLessThanOrEqual(least + 75)
      expect(new Set(lengths).size).toBeGreaterThan(60)
    }
  })

  test('has 0 to 3 filler members, then uid and ts in either order, then filler', async () => {
    const places = new Set<string>()
    for (const line of await lines({ frames: '500' })) {
      // Repeated filler keys before uid and ts would be one key of the map: they are counted in the text.
      const keys = [...rootValues(line).keys()]
      const place = Math.min(keys.indexOf('uid'), keys.indexOf('ts'))
      expect(Math.abs(keys.indexOf('uid') - keys.indexOf('ts'))).toBe(1)
      expect(place).toBeLessThanOrEqual(3)
      expect(keys.length).toBeGreaterThan(10)
      places.add(`${place} ${keys[place]}`)
    }
    expect(places.size).toBe(8)
  })

  test('carries a uid of 19 hexadecimal digits and whole seconds', async () => {
    for (const line of await lines({ frames: '100' })) {
      const { uid, ts } = JSON.parse(line) as { uid: string; ts: number }
      expect(uid).toMatch(/^[0-9a-f]{19}$/)
      expect(ts).toBe(1468244384)
    }
  })

  test('holds nested uid and ts of any type in two thirds of the lines', async () => {
    const decoys = (await lines({ frames: '3000' })).filter(
      (line) => (line.match(/"(uid|ts)":/g) ?? []).length > 2,
    )
    expect(Math.abs(decoys.length - 2000)).toBeLessThan(6 * Math.sqrt((3000 * 2) / 9))
    const nested = decoys.join('\n')
    for (const value of ['"', '1', '-1', 'true', 'null', '[', '{']) expect(nested).toContain(`"uid":${value}`)
  })

  test('uses every escape of JSON, Cyrillic, fractions, exponents, booleans and empty containers', async () => {
    const all = (await lines({ frames: '300' })).join('\n')
    for (const letter of 'bfnrt"\\/u') expect(all).toContain(`\\${letter}`)
    for (const piece of [':{}', ':[]', ':true', ':false', ':null', ':-17.25', ':1.5e3', ':6E-2'])
      expect(all).toContain(piece)
    expect(all).toMatch(/[а-я]/)
  })
})

describe('key shapes', () => {
  test('repeated: filler keys come in one order, each once', async () => {
    const orders = (await lines({ frames: '200', keyShapes: 'repeated' })).map((line) =>
      [...rootValues(line).keys()].filter((key) => key !== 'uid' && key !== 'ts'),
    )
    const longest = orders.reduce((a, b) => (b.length > a.length ? b : a))
    for (const order of orders) expect(order).toEqual(longest.slice(0, order.length))
  })

  test('mixed: about five filler keys of a line are written twice', async () => {
    const surplus = (await lines({ frames: '200', keyShapes: 'mixed' })).map(
      (line) => rootKeys(line).length - rootValues(line).size,
    )
    const mean = surplus.reduce((sum, keys) => sum + keys, 0) / surplus.length
    expect(mean).toBeGreaterThan(2)
    expect(mean).toBeLessThan(8)
  })

  test('fresh: no filler key comes back in another frame', async () => {
    const seen = new Map<string, number>()
    const all = await lines({ frames: '100', keyShapes: 'fresh' })
    for (const [number, line] of all.entries()) {
      for (const [, key] of line.matchAll(/"([^"\\]*)":/g)) {
        if (key === 'uid' || key === 'ts') continue
        expect(seen.get(key!) ?? number).toBe(number)
        seen.set(key!, number)
      }
    }
    expect(seen.size).toBeGreaterThan(2000)
  })
})

/** Root keys as often as they are written: `rootValues` of the line with each key numbered. */
function rootKeys(line: string): string[] {
  let number = 0
  return [...rootValues(line.replace(/"([^"\\]*)":/g, (_, key) => `"${key}${number++}":`)).keys()]
}
