import { AdaptiveCounter, ExactCounter, HyperLogLog, LinearCounting, UltraLogLog } from '../src/index.js'
import { contractSuite } from './support/contract.js'

contractSuite({
  name: 'ExactCounter',
  create: () => new ExactCounter(),
  from: (bytes) => ExactCounter.from(bytes),
  countsEmpty: true,
})

contractSuite({
  name: 'LinearCounting',
  create: () => new LinearCounting({ bits: 10_000 }),
  from: (bytes) => LinearCounting.from(bytes),
  countsEmpty: true,
})

contractSuite({
  name: 'UltraLogLog',
  create: () => new UltraLogLog({ precision: 10 }),
  from: (bytes) => UltraLogLog.from(bytes),
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
    from: (bytes) => HyperLogLog.from(bytes),
    countsEmpty: false,
  })
}

for (const exactLimit of [0, 100, 1_000_000]) {
  contractSuite({
    name: `AdaptiveCounter with a limit of ${exactLimit}`,
    create: () => new AdaptiveCounter({ exactLimit, precision: 11 }),
    from: (bytes) => AdaptiveCounter.from(bytes),
    countsEmpty: true,
  })
}
