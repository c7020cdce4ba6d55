// Memory against error: `pnpm bench memory [MOST]`. For target errors of 1, 2 and 5 % at 1e3, 45,000, 1e6 and 1e9 values:
// bytes that the process holds, bytes serialized, and the error measured over several seeds. What is beyond MOST values
// (default 1e6) is computed from the formula and marked "formula". Then the experiment of the publications: a hash set, a
// linear counter of 3,384 bytes and a HyperLogLog of 512 registers on one corpus of words.
import {
  AdaptiveCounter,
  addKeys,
  type DistinctCounter,
  ExactCounter,
  HyperLogLog,
  LinearCounting,
  recommend,
} from '@card/estimators'
import { peers } from '../peers/hyperloglogs.js'
import { randomSource } from './simulation/random.js'
import { drawHll, drawUll } from './simulation/sketch-walk.js'

const most = Number(process.argv[2] ?? 1e6)
const gc = (globalThis as { gc?: () => void }).gc
if (gc === undefined) throw new Error('expected node --expose-gc, as `pnpm bench memory` starts it')
const random = randomSource(5)
const seeds = 5
const mostOfSet = 2 ** 24
const mostOfExact = 1e7

/** Array buffers are freed beside the collection that finds them unused: collected until no more is freed. */
function held(): number {
  let least = Number.POSITIVE_INFINITY
  for (let unchanged = 0; unchanged < 3; ) {
    gc!()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    if (heapUsed + arrayBuffers < least - 256) unchanged = 0
    else unchanged++
    least = Math.min(least, heapUsed + arrayBuffers)
  }
  return least
}

const text = (seed: number, i: number) => `user-${seed}-${String(i * 7919).padStart(12, '0')}`
const copiesOf = (n: number) => Math.max(1, Math.floor(1e5 / n))
const percent = (share: number) => `${(100 * share).toFixed(3)} %`

function print(cells: (string | number)[]): void {
  const widths = [10, 8, 26, 14, 14, 12]
  console.log(cells.map((cell, i) => String(cell).padStart(widths[i]!)).join(' '))
}

interface Counted {
  add(value: string): void
  count(): number
}

/** Root mean square of the errors over some seeds, and the last structure that was fed with `n` values. */
function feed<T extends Counted>(create: () => T, n: number, repeats: number): { error: number; last: T } {
  let squares = 0
  let last = create()
  for (let seed = 0; seed < repeats; seed++) {
    last = create()
    for (let i = 0; i < n; i++) last.add(Buffer.from(text(seed, i)).toString('latin1'))
    squares += (last.count() / n - 1) ** 2
  }
  return { error: Math.sqrt(squares / repeats), last }
}

/** Bytes that one of many copies holds: a single small one is lost in what the engine does meanwhile. */
function heldBy(make: () => unknown, copies: number): number {
  for (let i = 0; i < Math.min(copies, 3); i++) make()
  const before = held()
  const all = Array.from({ length: copies }, make)
  const bytes = (held() - before) / copies
  return all.length > 0 ? Math.round(bytes) : 0
}

function set(): Counted {
  const values = new Set<string>()
  return { add: (value) => values.add(value), count: () => values.size }
}

print(['values', 'target', 'counter', 'held bytes', 'serialized', 'error'])
// With MOST at 1e7 or more also the sets alone, the Set up to the most that it can hold.
for (const n of [1e3, 45_000, 1e6, ...[mostOfExact, mostOfSet].filter((limit) => limit <= most), 1e9]) {
  const isMeasured = n <= most
  if (isMeasured && n <= mostOfSet)
    print([n, '', 'Set of strings', heldBy(() => feed(set, n, 1).last, copiesOf(n)), '', '0'])
  else print([n, '', 'Set of strings', n <= mostOfSet ? 'formula' : 'beyond 2^24', '', ''])
  if (isMeasured && n <= mostOfExact) {
    const { last } = feed(() => new ExactCounter(), n, 1)
    print([n, '', 'ExactCounter', heldBy(() => last.clone(), copiesOf(n)), last.toBytes().length, '0'])
  } else print([n, '', 'ExactCounter, formula', 32 * n, 16 + 16 * n, '0'])
  if (isMeasured && n <= mostOfExact) {
    const { error, last } = feed(() => new AdaptiveCounter(), n, 1)
    const bytes = heldBy(() => last.clone(), copiesOf(n))
    print([n, '', `AdaptiveCounter, ${last.estimator}`, bytes, last.toBytes().length, percent(error)])
  }

  if (n === mostOfExact || n === mostOfSet) continue
  for (const target of [0.01, 0.02, 0.05]) {
    for (const kind of ['linear', 'hll', 'ull'] as const) {
      const best = recommend({ expected: n, error: target, kind })
      const name =
        best.kind === 'hll'
          ? `${best.options.type} p=${best.options.precision}`
          : best.kind === 'ull'
            ? `ULL p=${best.options.precision}`
            : 'linear'
      if (isMeasured) {
        const { error, last } = feed(() => best.create(), n, n > 1e5 ? 2 : seeds)
        const bytes = heldBy(() => last.clone(), 300)
        print([n, percent(target), name, bytes, last.toBytes().length, percent(error)])
        continue
      }
      // Sketches of more values than are hashed are drawn from their distribution; a bitmap is only computed.
      let squares = 0
      for (let seed = 0; seed < seeds; seed++) {
        const drawn =
          best.kind === 'hll'
            ? drawHll(best.options.precision, n, random)
            : best.kind === 'ull'
              ? drawUll(best.options.precision, n, random)
              : null
        squares += drawn === null ? best.error ** 2 : (drawn.count() / n - 1) ** 2
      }
      print([
        n,
        percent(target),
        `${name}, ${kind === 'linear' ? 'formula' : 'drawn'}`,
        best.memoryBytes,
        best.serializedBytes,
        percent(Math.sqrt(squares / seeds)),
      ])
    }
    // The other packages take up to 10 us a value.
    if (n > Math.min(most, 1e5)) continue
    const precision = Math.ceil(2 * Math.log2(1.04 / target))
    for (const [name, create] of Object.entries(peers)) {
      const { error, last } = feed(() => create(precision), n, 1)
      const bytes = heldBy(() => feed(() => create(precision), 1000, 1).last, 100)
      print([n, percent(target), `${name} p=${precision}`, bytes, last.serialized(), percent(error)])
    }
  }
}

console.log('\nWords of a corpus by a Zipf law, seeded, counted three ways')
const words = 2e6
const vocabulary = 120_000
const cumulative = new Float64Array(vocabulary)
for (let rank = 0, sum = 0; rank < vocabulary; rank++) cumulative[rank] = sum += 1 / (rank + 2.7) ** 1.07
const corpus = Array.from({ length: words }, () => {
  const at = random.uniform() * cumulative[vocabulary - 1]!
  let [low, high] = [0, vocabulary - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (cumulative[middle]! < at) low = middle + 1
    else high = middle
  }
  return `word${low}`
})
const distinct = new Set(corpus).size
const bytes = Buffer.from(corpus.join(''))
const offsets = new Uint32Array(words + 1)
corpus.forEach((word, i) => {
  offsets[i + 1] = offsets[i]! + word.length
})
console.log(`${words} words, ${distinct} distinct`)
print(['', '', 'counter', 'bytes', 'count', 'error'])
print(['', '', 'Set', feedCorpus(), distinct, '0 %'])
const rivals: [string, DistinctCounter, number][] = [
  ['LinearCounting', new LinearCounting({ bits: 8 * 3384 }), 3384],
  ['HyperLogLog p=9', new HyperLogLog({ precision: 9 }), 512],
]
for (const [name, counter, size] of rivals) {
  addKeys(counter, bytes, offsets)
  print(['', '', name, size, Math.round(counter.count()), percent(counter.count() / distinct - 1)])
}

function feedCorpus(): number {
  const before = held()
  const values = new Set(corpus.map((word) => Buffer.from(word).toString('latin1')))
  const after = held()
  return values.size > 0 ? after - before : 0
}
