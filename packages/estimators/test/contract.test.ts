import { AdaptiveCounter, ExactCounter, HyperLogLog } from '../src/index.js'
import { contractSuite } from './support/contract.js'

contractSuite({
  name: 'ExactCounter',
  create: () => new ExactCounter(),
  from: (bytes) => ExactCounter.from(bytes),
  countsEmpty: true,
})

for (const precision of [4, 10, 12]) {
  contractSuite({
    name: `HyperLogLog of precision ${precision}`,
    create: () => new HyperLogLog({ precision }),
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
