import type * as estimators from '../../src/index.js'

/** Runs in the page and in Node: every kind of counter, fed with every kind of value. */
export function fingerprint(library: typeof estimators): string {
  const counters = [
    new library.ExactCounter(),
    new library.LinearCounting({ bits: 4096 }),
    new library.HyperLogLog({ precision: 11, type: 'HLL_4' }),
    new library.UltraLogLog({ precision: 8 }),
    new library.AdaptiveCounter({ exactLimit: 100, precision: 10 }),
  ]
  const results: string[] = []
  for (const counter of counters) {
    for (let i = 0; i < 3000; i++) counter.add(i % 3 === 0 ? i : i % 3 === 1 ? `user-${i}` : `größe ${i}`)
    for (const value of [1n, true, 0.5, Number.NaN, new Uint8Array([1, 2, 3]), '\ud800']) counter.add(value)
    const { lower, upper } = counter.bounds()
    results.push(
      [counter.kind, counter.estimator, counter.count(), lower, upper, counter.toBytes().join('.')].join(' '),
    )
  }
  return results.join('\n')
}
