import { describe, expect, it, vi } from 'vitest'
import * as estimators from '../src/index.js'

const { AdaptiveCounter, addKeys, ExactCounter, HllUnion, HyperLogLog, LinearCounting, UltraLogLog } =
  estimators
const { murmur3x64128, murmur3x8632, recommend } = estimators

/** What plain JavaScript may pass where TypeScript would refuse it. */
function refusal(call: () => unknown): [code: string, message: string] {
  try {
    call()
  } catch (error) {
    expect(error).toBeInstanceOf(estimators.EstimatorError)
    const { code, message } = error as estimators.EstimatorError
    return [code, message]
  }
  throw new Error('expected a refusal, found none')
}

/** Constructors and functions that take an object of options. */
const takers: [string, (options: never) => unknown][] = [
  ['HyperLogLog', (options) => new HyperLogLog(options)],
  ['HyperLogLog.converted', (options) => new HyperLogLog().converted(options)],
  ['HllUnion', (options) => new HllUnion(options)],
  ['UltraLogLog', (options) => new UltraLogLog(options)],
  ['LinearCounting', (options) => new LinearCounting(options)],
  ['AdaptiveCounter', (options) => new AdaptiveCounter(options)],
  ['ExactCounter', (options) => new ExactCounter(options)],
  ['recommend', (options) => recommend(options)],
]

describe.each(takers)('%s', (name, take) => {
  it.each([[10], ['14'], [null], [[]], [true]])('refuses %j in place of its options', (options) => {
    const [code, message] = refusal(() => take(options as never))
    expect(code).toBe('bad-option')
    expect(message.startsWith(`${name}: expected `)).toBe(true)
  })

  it('refuses an option that it does not know', () => {
    expect(refusal(() => take({ bogus: 1 } as never))).toEqual([
      'bad-option',
      expect.stringContaining(`${name}: unknown option "bogus": it takes `),
    ])
  })
})

describe('Options', () => {
  it.each<[string, (options: never) => unknown, object]>([
    ['precision', (options) => new HyperLogLog(options), { precison: 12 }],
    ['precision', (options) => new UltraLogLog(options), { Precision: 12 }],
    ['exactLimit', (options) => new AdaptiveCounter(options), { exact_limit: 12 }],
    ['expected', (options) => new LinearCounting(options), { expect: 12, error: 0.1 }],
    ['error', (options) => recommend(options), { erorr: 0.1 }],
  ])('that are misspelt bring the name %s to mind', (meant, take, options) => {
    expect(refusal(() => take(options as never))[1]).toContain(`did you mean "${meant}"?`)
  })

  it.each<[string, () => unknown]>([
    ['precision: "14"', () => new HyperLogLog({ precision: '14' as never })],
    ['precision: null', () => new HyperLogLog({ precision: null as never })],
    ['type: "HLL_5"', () => new HyperLogLog({ type: 'HLL_5' as never })],
    ['type: null', () => new HyperLogLog({ type: null as never })],
    ['HllUnion precision', () => new HllUnion({ precision: '12' as never })],
    ['result type', () => new HllUnion().result('HLL_5' as never)],
    ['form', () => new HyperLogLog().toBytes('packed' as never)],
    ['ULL precision', () => new UltraLogLog({ precision: '12' as never })],
    ['reduced', () => new UltraLogLog().reduced('12' as never)],
    ['bits', () => new LinearCounting({ bits: '64' as never })],
    ['expected', () => new LinearCounting({ expected: '45' as never, error: 0.1 })],
    ['error', () => new LinearCounting({ expected: 45, error: '0.1' as never })],
    ['no options', () => new LinearCounting(undefined as never)],
    ['both', () => new LinearCounting({ bits: 64, expected: 45, error: 0.1 } as never)],
    ['exactLimit', () => new AdaptiveCounter({ exactLimit: '10' as never })],
    ['toShards', () => new ExactCounter().toShards('4' as never)],
    ['toHyperLogLog', () => new ExactCounter().toHyperLogLog('12' as never)],
    ['recommend nothing', () => recommend(undefined as never)],
    ['recommend error', () => recommend({ error: '0.01' as never })],
    ['recommend kind', () => recommend({ kind: 'hyperloglog' as never })],
    ['recommend mergeable', () => recommend({ mergeable: 'no' as never })],
    ['seed', () => murmur3x64128('a', '1' as never)],
    ['seed of 33 bits', () => murmur3x8632('a', 2 ** 32)],
    ['into', () => murmur3x64128('a', 1, [] as never)],
    ['no room', () => murmur3x64128('a', 1, new Uint32Array(5), 2)],
    ['keys of no counter', () => addKeys({} as never, new Uint8Array(1), new Uint32Array([0, 1]))],
    ['keys of a text', () => addKeys(new ExactCounter(), 'ann' as never, new Uint32Array([0, 1]))],
    ['offsets of an array', () => addKeys(new ExactCounter(), new Uint8Array(1), [0, 1] as never)],
    ['no offsets', () => addKeys(new ExactCounter(), new Uint8Array(1), undefined as never)],
  ])('of another type or value are refused: %s', (_, call) => {
    expect(refusal(call)[0]).toBe('bad-option')
  })
})

describe('HllUnion', () => {
  it('refuses what is no HyperLogLog', () => {
    const others = [
      new ExactCounter(),
      new AdaptiveCounter(),
      new UltraLogLog(),
      {},
      null,
      undefined,
      'text',
      5,
    ]
    for (const other of [
      ...others,
      new HllUnion(),
      structuredClone(new HyperLogLog()),
      new HyperLogLog().toBytes(),
    ]) {
      expect(refusal(() => new HllUnion().update(other as never))[0]).toBe('cannot-merge')
    }
  })
})

describe('Messages', () => {
  it.each<[string, () => unknown, string]>([
    [
      'a word that is missing',
      () => new HyperLogLog().addHash(...([1] as never as [1, 2, 3, 4])),
      'w1: expected a word of a hash, a 32-bit integer, found undefined',
    ],
    [
      'NaN for a word',
      () => new HyperLogLog().addHash(1, 2, Number.NaN, 4),
      'w2: expected a word of a hash, a 32-bit integer, found NaN',
    ],
    [
      'no rows',
      () => new HyperLogLog().addHashes(...([new Uint32Array(4)] as never as [Uint32Array, 0, 1])),
      'from: expected a whole number from 0 to 9007199254740991, found undefined',
    ],
    [
      'rows beyond the matrix',
      () => new HyperLogLog().addHashes(new Uint32Array(4), 0, 2),
      'to: expected a whole number from 0 to 1, found 2',
    ],
    [
      'JSON whose base64 is a number',
      () => HyperLogLog.fromJSON({ kind: 'hll', count: 1, base64: 5 as never }),
      'found { kind: "hll", base64: 5 }',
    ],
    [
      'JSON without a kind',
      () => HyperLogLog.fromJSON({ base64: 5 } as never),
      'found { kind: undefined, base64: 5 }',
    ],
  ])('name what was found: %s', (_, call, message) => {
    expect(refusal(call)[1]).toContain(message)
  })
})

describe('Other parameters', () => {
  it('are refused by the code that tells their kind', () => {
    expect(refusal(() => new ExactCounter().addTo(new UltraLogLog() as never))[0]).toBe('cannot-merge')
    expect(refusal(() => murmur3x64128(12 as never))[0]).toBe('bad-value')
    expect(refusal(() => murmur3x8632(undefined as never))[0]).toBe('bad-value')
    const buffer = new ArrayBuffer(8)
    for (const read of [
      HyperLogLog.from,
      ExactCounter.from,
      AdaptiveCounter.from,
      UltraLogLog.fromRegisters,
    ]) {
      for (const bytes of [buffer, 'AgEHDA==', [2, 1, 7], null, undefined, 7, Object.create(null)]) {
        expect(refusal(() => read(bytes as never))[0]).toBe('wrong-kind')
      }
    }
  })
})

describe('Messages', () => {
  it('stay short, whatever was found', () => {
    const megabytes = new Uint8Array(2_000_000)
    const text = 'x'.repeat(2_000_000)
    const huge = 2n ** 100_000n
    const calls = [
      () => new HyperLogLog({ precision: megabytes as never }),
      () => new HyperLogLog({ precision: text as never }),
      () => new HyperLogLog({ [text]: 1 } as never),
      () => new ExactCounter().add(huge),
      () => new ExactCounter().add(Array(1e6).fill(text) as never),
      () => new ExactCounter().merge(megabytes as never),
      () => new ExactCounter().merge({ kind: text } as never),
      () => new HllUnion().update(text as never),
      () => HyperLogLog.from(megabytes),
      () => ExactCounter.from(text as never),
      () => ExactCounter.fromJSON({ kind: 'exact', count: 1, base64: text.slice(1) }),
      () => new HyperLogLog({ precision: Object.create(null) }),
      () => new HyperLogLog({ precision: Symbol('s') as never }),
      () => new HyperLogLog({ precision: (() => text) as never }),
    ]
    for (const call of calls) expect(refusal(call)[1].length).toBeLessThan(300)
  })
})

describe('Another copy of this package', () => {
  it('makes counters that merge with ours and sketches that our union takes', async () => {
    vi.resetModules()
    const other = (await import('../src/index.js')) as typeof estimators
    expect(other.HyperLogLog).not.toBe(HyperLogLog)
    for (const create of [
      (from: typeof estimators) => new from.ExactCounter(),
      (from: typeof estimators) => new from.AdaptiveCounter({ exactLimit: 3 }),
      (from: typeof estimators) => new from.HyperLogLog({ precision: 10 }),
      (from: typeof estimators) => new from.UltraLogLog({ precision: 10 }),
      (from: typeof estimators) => new from.LinearCounting({ bits: 64 }),
    ]) {
      const ours = create(estimators)
      const theirs = create(other)
      const both = create(estimators)
      ours.addAll([1, 2, 3])
      theirs.addAll([3, 4])
      both.addAll([1, 2, 3, 4])
      ours.merge(theirs)
      theirs.merge(both)
      expect(ours.toCanonicalBytes()).toEqual(both.toCanonicalBytes())
      expect(theirs.toCanonicalBytes()).toEqual(both.toCanonicalBytes())
    }
    for (const count of [3, 20, 5000]) {
      const [ours, theirs] = [new HyperLogLog({ precision: 11 }), new other.HyperLogLog({ precision: 11 })]
      const [expected, union] = [new HllUnion(), new HllUnion()]
      for (let i = 0; i < count; i++) {
        ours.add(i)
        theirs.add(i)
      }
      expected.update(ours)
      union.update(theirs)
      expect(union.result().toBytes()).toEqual(expected.result().toBytes())
      const exact = new ExactCounter()
      exact.addAll(['a', 'b'])
      exact.addTo(theirs)
      exact.addTo(ours)
      expect(theirs.toCanonicalBytes()).toEqual(ours.toCanonicalBytes())
    }
  })
})
