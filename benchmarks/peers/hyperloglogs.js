// HyperLogLog as other npm packages have it, in one shape.
import bloomFilters from 'bloom-filters'
// @ts-expect-error: no types
import lite from 'hyperloglog-lite'
// @ts-expect-error: no types
import hyperloglog32 from 'hyperloglog32'

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
