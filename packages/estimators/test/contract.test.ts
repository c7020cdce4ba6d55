import fc from 'fast-check'
import { test } from 'vitest'
import {
  AdaptiveCounter,
  type DistinctCounter,
  ExactCounter,
  HyperLogLog,
  LinearCounting,
  UltraLogLog,
} from '../src/index.js'
import { contractSuite, expectWithinBounds } from './support/contract.js'
import { simulatedHashes } from './support/hashes.js'

contractSuite({
  name: 'ExactCounter',
  create: () => new ExactCounter(),
  from: ExactCounter.from,
  fromJSON: ExactCounter.fromJSON,
  countsEmpty: true,
})

contractSuite({
  name: 'LinearCounting',
  create: () => new LinearCounting({ bits: 10_000 }),
  from: LinearCounting.from,
  fromJSON: LinearCounting.fromJSON,
  countsEmpty: true,
})

contractSuite({
  name: 'UltraLogLog',
  create: () => new UltraLogLog({ precision: 10 }),
  from: UltraLogLog.from,
  fromJSON: UltraLogLog.fromJSON,
  countsEmpty: true,
})

for (const [precision, type] of [
  [4, 'HLL_8'],
  [10, 'HLL_8'],
  [12, 'HLL_8'],
  [4, 'HLL_4'],
  [10, 'HLL_4'],
  [10, 'HLL_6'],
] as const) {
  contractSuite({
    name: `HyperLogLog of precision ${precision} in ${type}`,
    create: () => new HyperLogLog({ precision, type }),
    from: HyperLogLog.from,
    fromJSON: HyperLogLog.fromJSON,
    countsEmpty: false,
  })
}

for (const exactLimit of [0, 100, 1_000_000]) {
  contractSuite({
    name: `AdaptiveCounter with a limit of ${exactLimit}`,
    create: () => new AdaptiveCounter({ exactLimit, precision: 11 }),
    from: AdaptiveCounter.from,
    fromJSON: AdaptiveCounter.fromJSON,
    countsEmpty: true,
  })
}

const hashes = simulatedHashes(2, 0, 6000)
const sizes: [string, () => DistinctCounter][] = []
for (let precision = 3; precision <= 26; precision++)
  sizes.push([`UltraLogLog of precision ${precision}`, () => new UltraLogLog({ precision })])
for (let precision = 4; precision <= 21; precision++)
  for (const type of ['HLL_4', 'HLL_6', 'HLL_8'] as const)
    sizes.push([
      `HyperLogLog of precision ${precision} in ${type}`,
      () => new HyperLogLog({ precision, type }),
    ])
for (const bits of [8, 64, 1000])
  sizes.push([`LinearCounting of ${bits} bits`, () => new LinearCounting({ bits })])

test.each(sizes)('%s keeps its estimate within its bounds', (_, create) => {
  // A look at all registers of the largest takes half a second.
  const numRuns = create().memoryBytes() > 2 ** 20 ? 4 : 60
  fc.assert(
    fc.property(fc.nat(5900), fc.oneof(fc.integer({ min: 1, max: 3 }), fc.nat(100)), (start, count) => {
      const counter = create()
      counter.addHashes(hashes, start, start + count)
      expectWithinBounds(counter)
    }),
    { numRuns },
  )
})
