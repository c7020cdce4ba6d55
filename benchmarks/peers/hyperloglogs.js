// HyperLogLog as other npm packages have it, in one shape. None of them ships types.
import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)
const hyperloglog32 = load('hyperloglog32')
const lite = load('hyperloglog-lite')
const bloomFilters = load('bloom-filters')

/**
 * @typedef {{ add(text: string): void, count(): number, serialized(): number }} Peer
 * @type {Record<string, (precision: number) => Peer>}
 */
export const peers = {
  hyperloglog32(precision) {
    const sketch = hyperloglog32(precision)
    return {
      add: (text) => sketch.add(text),
      count: () => sketch.count(),
      serialized: () => sketch.state().length,
    }
  },
  'hyperloglog-lite'(precision) {
    const sketch = lite(precision)
    return {
      add: (text) => sketch.add(lite.hash(text)),
      count: () => sketch.count(),
      serialized: () => JSON.stringify(sketch.output()).length,
    }
  },
  'bloom-filters'(precision) {
    const sketch = new bloomFilters.HyperLogLog(2 ** precision)
    return {
      add: (text) => sketch.update(text),
      count: () => sketch.count(),
      serialized: () => JSON.stringify(sketch.saveAsJSON()).length,
    }
  },
}
