import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CounterJson, type DistinctCounter, EstimatorError } from '../../src/index.js'
import { pickRows, simulatedHashes } from './hashes.js'

/** One kind of counter as the contract suite needs it. */
export interface Subject {
  readonly name: string
  create(): DistinctCounter
  from(bytes: Uint8Array): DistinctCounter
  fromJSON(json: CounterJson): DistinctCounter
  /** Whether the empty string counts. */
  readonly countsEmpty: boolean
}

const universe = simulatedHashes(1, 0, 6000)
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const canonical = (counter: DistinctCounter) => hex(counter.toCanonicalBytes())
/** Sets of rows from a handful to thousands, so that every mode and every change of mode is met. */
const rowsArbitrary = fc
  .constantFrom(3, 9, 40, 500, 6000)
  .chain((most) => fc.tuple(fc.nat(most), fc.nat(5999)))
  .map(([count, start]) => Array.from({ length: count }, (_, i) => (start + i * 7) % 6000))

/** The bounds of each number of standard deviations hold the estimate. */
export function expectWithinBounds(counter: DistinctCounter): void {
  const count = counter.count()
  for (const confidence of [0.68, 0.95, 0.997]) {
    const { lower, upper } = counter.bounds(confidence)
    expect([lower, count, upper]).toEqual([lower, count, upper].sort((a, b) => a - b))
  }
}

export function contractSuite(subject: Subject): void {
  const fed = (rows: readonly number[]) => {
    const counter = subject.create()
    counter.addHashes(pickRows(universe, rows), 0, rows.length)
    return counter
  }

  describe(`${subject.name} keeps the contract of a distinct counter`, () => {
    it('counts nothing as 0 with bounds of 0', () => {
      expect(subject.create().count()).toBe(0)
      expect(subject.create().bounds()).toEqual({ lower: 0, upper: 0 })
    })

    it('does not depend on order, duplicates or the form of adding', () => {
      fc.assert(
        fc.property(rowsArbitrary, fc.infiniteStream(fc.nat()), (rows, random) => {
          const expected = canonical(fed(rows))
          const shuffled = [...rows, ...rows.slice(0, 50)]
            .map((row) => [random.next().value as number, row] as const)
            .sort((a, b) => a[0] - b[0])
            .map(([, row]) => row)
          expect(canonical(fed(shuffled))).toBe(expected)
          const single = subject.create()
          for (const row of rows) {
            const [w0, w1, w2, w3] = universe.subarray(4 * row, 4 * row + 4)
            single.addHash(w0!, w1!, w2!, w3!)
          }
          expect(canonical(single)).toBe(expected)
        }),
        { numRuns: 40 },
      )
    })

    it('merges as the union: commutative, associative, idempotent, with the empty counter as identity', () => {
      fc.assert(
        fc.property(rowsArbitrary, rowsArbitrary, rowsArbitrary, (a, b, c) => {
          const union = fed([...a, ...b, ...c])
          const left = fed(a)
          left.merge(fed(b))
          left.merge(fed(c))
          const right = fed(c)
          right.merge(fed(b))
          const outer = fed(a)
          outer.merge(right)
          expect(canonical(left)).toBe(canonical(union))
          expect(canonical(outer)).toBe(canonical(union))
          left.merge(union)
          left.merge(left)
          left.merge(subject.create())
          const empty = subject.create()
          empty.merge(left)
          expect(canonical(left)).toBe(canonical(union))
          expect(canonical(empty)).toBe(canonical(union))
          expect(left.count()).toBe(union.count())
          expect(left.bounds()).toEqual(union.bounds())
        }),
        { numRuns: 30 },
      )
    })

    it('merges bytes as it merges the counter that wrote them', () => {
      fc.assert(
        fc.property(rowsArbitrary, rowsArbitrary, (a, b) => {
          const other = fed(b)
          const expected = canonical(fed([...a, ...b]))
          for (const bytes of [other.toBytes(), other.toCanonicalBytes()]) {
            const counter = fed(a)
            counter.mergeBytes(bytes)
            counter.mergeBytes(bytes)
            expect(canonical(counter)).toBe(expected)
          }
        }),
        { numRuns: 20 },
      )
    })

    it('is unchanged by bytes that it refuses to merge', () => {
      const counter = fed([1, 2, 3])
      const before = canonical(counter)
      const bytes = fed([4, 5]).toBytes()
      for (const refused of [bytes.subarray(0, bytes.length - 1), new Uint8Array(64), 'text' as never]) {
        expect(() => counter.mergeBytes(refused)).toThrow(EstimatorError)
        expect(canonical(counter)).toBe(before)
      }
    })

    it('leaves the other side of a merge unchanged, and shares nothing with it or with a clone', () => {
      fc.assert(
        fc.property(rowsArbitrary, rowsArbitrary, (a, b) => {
          const other = fed(b)
          const before = hex(other.toBytes())
          const merged = subject.create()
          merged.merge(other)
          merged.addHashes(pickRows(universe, a), 0, a.length)
          expect(hex(other.toBytes())).toBe(before)
          const copy = other.clone()
          expect(hex(copy.toBytes())).toBe(before)
          copy.addHashes(pickRows(universe, a), 0, a.length)
          expect(hex(other.toBytes())).toBe(before)
          expect(canonical(copy)).toBe(canonical(merged))
        }),
        { numRuns: 20 },
      )
    })

    it('goes on counting from its bytes, canonical or not', () => {
      fc.assert(
        fc.property(rowsArbitrary, rowsArbitrary, (a, b) => {
          const counter = fed(a)
          const restored = [subject.from(counter.toBytes()), subject.from(counter.toCanonicalBytes())]
          for (const other of restored) {
            expect(canonical(other)).toBe(canonical(counter))
            expect(other.count()).toBe(counter.count())
            other.addHashes(pickRows(universe, b), 0, b.length)
            expect(canonical(other)).toBe(canonical(fed([...a, ...b])))
          }
        }),
        { numRuns: 30 },
      )
    })

    it('reads bytes from a view that begins anywhere', () => {
      const bytes = fed([1, 2, 3]).toBytes()
      const wide = new Uint8Array(bytes.length + 8)
      wide.set(bytes, 3)
      expect(canonical(subject.from(wide.subarray(3, 3 + bytes.length)))).toBe(canonical(fed([1, 2, 3])))
    })

    it('is empty again after clear', () => {
      const counter = fed(Array.from({ length: 3000 }, (_, i) => i))
      counter.clear()
      expect(canonical(counter)).toBe(canonical(subject.create()))
      counter.addHashes(universe, 0, 10)
      expect(canonical(counter)).toBe(canonical(fed([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])))
    })

    it('refuses bytes cut at any length, and bytes of another kind or version, by a coded error', () => {
      for (const count of [0, 5, 60, 6000]) {
        const bytes = fed(Array.from({ length: count }, (_, i) => i)).toBytes()
        const cuts = bytes.length < 2000 ? bytes.length : 300
        for (let i = 0; i < cuts; i++) {
          const length = bytes.length < 2000 ? i : Math.floor((i * bytes.length) / cuts)
          expect(() => subject.from(bytes.subarray(0, length))).toThrow(EstimatorError)
        }
        const longer = new Uint8Array(bytes.length + 1)
        longer.set(bytes)
        expect(() => subject.from(longer)).toThrow(EstimatorError)
      }
      for (const start of [[1, 2, 9], [0], [9, 1, 9, 1, 0, 0, 0, 0, 0]]) {
        expect(() => subject.from(Uint8Array.from(start))).toThrow(EstimatorError)
      }
      expect(() => subject.from(new Uint8Array(64))).toThrow(expect.objectContaining({ code: 'wrong-kind' }))
      expect(() => subject.from('text' as never)).toThrow(expect.objectContaining({ code: 'wrong-kind' }))
    })

    it('makes a coded error or a valid counter of bytes with any byte changed', () => {
      let refused = 0
      fc.assert(
        fc.property(
          rowsArbitrary,
          fc.nat(),
          fc.integer({ min: 1, max: 255 }),
          fc.boolean(),
          (rows, at, change, head) => {
            const bytes = fed(rows.slice(0, 800)).toBytes()
            const index = at % (head ? Math.min(48, bytes.length) : bytes.length)
            bytes[index] = bytes[index]! ^ change
            let counter: DistinctCounter
            try {
              counter = subject.from(bytes)
            } catch (error) {
              expect(error).toBeInstanceOf(EstimatorError)
              refused++
              return
            }
            expect(counter.count()).toBeGreaterThanOrEqual(0)
            expect(counter.memoryBytes()).toBeLessThan(100 * bytes.length + 70_000)
            const copy = counter.clone()
            const other = fed([1, 2, 3])
            try {
              copy.merge(other)
              other.merge(counter)
              expect(canonical(copy)).toBe(canonical(other))
            } catch (error) {
              // A changed size that merges with no other.
              expect(error).toMatchObject({ code: 'cannot-merge' })
            }
            counter.addHashes(universe, 0, 600)
            const { lower, upper } = counter.bounds()
            expect(lower).toBeLessThanOrEqual(upper)
            expect(canonical(subject.from(counter.toBytes()))).toBe(canonical(counter))
          },
        ),
        { numRuns: 400 },
      )
      expect(refused).toBeGreaterThan(0)
    })

    it('counts values of every kind once, and those that hash alike together', () => {
      const counter = subject.create()
      const values = ['a', 'ä', '\ud800', new Uint8Array([1, 2, 3]), 1, 2n, Number.NaN]
      for (const value of values) counter.add(value)
      expect(Math.round(counter.count())).toBe(values.length)
      const before = canonical(counter)
      for (const value of [
        'a',
        '\ufffd',
        '\udfff',
        1n,
        true,
        2,
        Number.NaN,
        new Uint8Array([9, 1, 2, 3]).subarray(1),
      ]) {
        counter.add(value)
      }
      expect(canonical(counter)).toBe(before)
      counter.add(0)
      const withZero = canonical(counter)
      for (const value of [-0, 0n, false]) counter.add(value)
      expect(canonical(counter)).toBe(withZero)
      expect(withZero).not.toBe(before)
    })

    it(`${subject.countsEmpty ? 'counts' : 'ignores'} the empty string and the empty array`, () => {
      const counter = subject.create()
      counter.add('')
      counter.add(new Uint8Array(0))
      expect(Math.round(counter.count())).toBe(subject.countsEmpty ? 1 : 0)
    })

    it('refuses rows that a matrix does not have, and takes an empty range', () => {
      const counter = subject.create()
      for (const [from, to] of [
        [0, 3],
        [-1, 1],
        [0, 1.5],
        [5, 6],
      ] as const) {
        expect(() => counter.addHashes(new Uint32Array(8), from, to)).toThrow(
          expect.objectContaining({ code: 'bad-option' }),
        )
      }
      counter.addHashes(new Uint32Array(0), 0, 0)
      counter.addHashes(new Uint32Array(8), 2, 2)
      expect(counter.count()).toBe(0)
    })

    it('refuses what cannot be counted', () => {
      const counter = subject.create()
      for (const value of [null, undefined, {}, Symbol('s'), 2n ** 63n, -(2n ** 63n) - 1n]) {
        expect(() => counter.add(value as never)).toThrow(expect.objectContaining({ code: 'bad-value' }))
      }
      expect(counter.count()).toBe(0)
    })

    it('keeps its estimate within its bounds, from the first value on', () => {
      fc.assert(
        fc.property(fc.nat(5900), fc.oneof(fc.nat(6), fc.nat(100)), (start, count) => {
          expectWithinBounds(fed(Array.from({ length: count }, (_, i) => start + i)))
        }),
        { numRuns: 100 },
      )
    })

    it('widens its bounds with the confidence and refuses one beyond three standard deviations', () => {
      const counter = fed(Array.from({ length: 3000 }, (_, i) => i))
      const [one, two, three] = [0.68, 0.95, 0.997].map((confidence) => counter.bounds(confidence))
      expect(two!.lower).toBeLessThanOrEqual(one!.lower)
      expect(three!.lower).toBeLessThanOrEqual(two!.lower)
      expect(one!.upper).toBeLessThanOrEqual(two!.upper)
      expect(two!.upper).toBeLessThanOrEqual(three!.upper)
      expect(counter.bounds()).toEqual(two)
      for (const confidence of [0, -1, 0.999, Number.NaN, '0.95' as never, null as never]) {
        expect(() => counter.bounds(confidence)).toThrow(expect.objectContaining({ code: 'bad-option' }))
      }
    })

    it('refuses to merge with another kind, with what is no counter and with one that lost its methods', () => {
      const { kind } = subject.create()
      const strangers = [
        { kind: 'other' },
        null,
        undefined,
        'text',
        1,
        [],
        { kind },
        structuredClone(subject.create()),
      ]
      for (const stranger of strangers) {
        expect(() => subject.create().merge(stranger as unknown as DistinctCounter)).toThrow(
          expect.objectContaining({ code: 'cannot-merge' }),
        )
      }
      expect(() => subject.create().merge({ kind, toCanonicalBytes: () => 'text' } as never)).toThrow(
        expect.objectContaining({ code: 'wrong-kind' }),
      )
    })

    it('merges with a counter of another copy of this package, known by its kind and its bytes', () => {
      const other = fed([3, 4, 5])
      const { kind } = other
      const stranger = { kind, toCanonicalBytes: () => other.toCanonicalBytes() } as DistinctCounter
      const counter = fed([1, 2, 3])
      counter.merge(stranger)
      expect(canonical(counter)).toBe(canonical(fed([1, 2, 3, 4, 5])))
    })

    it('goes through JSON and through a structured clone of what toJSON gives', () => {
      fc.assert(
        fc.property(rowsArbitrary, (rows) => {
          const counter = fed(rows)
          const json = JSON.parse(JSON.stringify(counter)) as CounterJson
          expect([json.kind, json.count]).toEqual([counter.kind, counter.count()])
          for (const read of [json, structuredClone(counter.toJSON())]) {
            expect(hex(subject.fromJSON(read).toBytes())).toBe(hex(subject.from(counter.toBytes()).toBytes()))
          }
        }),
        { numRuns: 20 },
      )
    })

    it('refuses JSON of anything else by a coded error', () => {
      const json = fed([1, 2, 3]).toJSON()
      for (const other of [
        null,
        undefined,
        1,
        JSON.stringify(json),
        {},
        { ...json, kind: 'other' },
        { kind: json.kind },
      ]) {
        expect(() => subject.fromJSON(other as never)).toThrow(
          expect.objectContaining({ code: 'wrong-kind' }),
        )
      }
      for (const base64 of ['A', '====', `${json.base64.slice(0, -4)}!!!!`, `${json.base64}AAAA`]) {
        expect(() => subject.fromJSON({ ...json, base64 })).toThrow(EstimatorError)
      }
    })

    it('is shown by its class, its count and its parameters', () => {
      const counter = fed([1, 2, 3])
      const [name] = subject.name.split(' ')
      for (const text of [inspect(counter), String(counter), inspect({ counter })]) {
        expect(text).toContain(`${name} { count: 3`)
      }
      expect(inspect(fed(Array.from({ length: 6000 }, (_, i) => i))).length).toBeLessThan(100)
    })

    it('adds all values of an iterable, and refuses a single value in its place', () => {
      const counter = subject.create()
      counter.addAll(['ann', 'bob'])
      counter.addAll(new Set([1, 2n]))
      counter.addAll([])
      const expected = subject.create()
      for (const value of ['ann', 'bob', 1, 2]) expected.add(value)
      expect(canonical(counter)).toBe(canonical(expected))
      for (const single of ['ann', new Uint8Array(3), 1, null, undefined, {}]) {
        expect(() => counter.addAll(single as never)).toThrow(expect.objectContaining({ code: 'bad-value' }))
      }
      expect(() => counter.addAll(['cleo', null as never])).toThrow(
        expect.objectContaining({ code: 'bad-value' }),
      )
      expected.add('cleo')
      expect(canonical(counter)).toBe(canonical(expected))
    })

    it('takes bytes of another realm as bytes', () => {
      const ours = subject.create()
      ours.add(Uint8Array.of(1, 2))
      const counter = subject.create()
      counter.add(runInNewContext('Uint8Array.of(1, 2)') as Uint8Array)
      expect(canonical(counter)).toBe(canonical(ours))
      const bytes = runInNewContext(`Uint8Array.of(${ours.toBytes().join()})`) as Uint8Array
      expect(canonical(subject.from(bytes))).toBe(canonical(ours))
    })

    it('refuses hashes that are no matrix', () => {
      for (const hashes of [null, undefined, 'text', [1, 2, 3, 4], new Uint8Array(16), new Float64Array(4)]) {
        expect(() => subject.create().addHashes(hashes as never, 0, 1)).toThrow(
          expect.objectContaining({ code: 'bad-option' }),
        )
      }
    })
  })
}
