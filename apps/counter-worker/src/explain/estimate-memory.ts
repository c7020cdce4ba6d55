import { type CounterOptions, counterAggregate } from '@card/counting'

/** What counting takes in memory, as far as a sample tells. */
export interface MemoryEstimate {
  /** Bytes of a window that holds as many keys as the sample. */
  readonly window: number
  /** Bytes that a window takes at most, however many keys it holds; null: they grow with the keys. */
  readonly most: number | null
}

/** @param keys distinct ones of the sample */
export function estimateMemory(options: CounterOptions, keys: number): MemoryEstimate {
  const window = bytesOf(options, keys)
  switch (options.estimator) {
    case 'exact':
      return { window, most: null }
    case 'auto':
      // Either form may be the larger one: the fingerprints just before the limit, or the sketch behind it.
      return {
        window,
        most: Math.max(bytesOf(options, options.exactLimit), bytesOf(options, options.exactLimit + 1)),
      }
    case 'hll':
    case 'ull':
      return { window, most: bytesOf(options, 2 ** options.precision * 4) }
    case 'linear':
    case 'events':
      return { window, most: window }
  }
}

function bytesOf(options: CounterOptions, keys: number): number {
  const { create, measure } = counterAggregate(options)
  const state = create()
  const hash = new Uint32Array(4 * Math.min(keys, 1 << 22))
  // Spread as hashes are: by the golden ratio of 2^32, a word after the other.
  for (let i = 0; i < hash.length; i++) hash[i] = Math.imul(i + 1, 0x9e3779b1) ^ (i << 7)
  state?.addHashes(hash, 0, hash.length / 4)
  return measure?.(state) ?? 0
}
