// Speed of @card/estimators. The unit is one add of a fresh 19-character string to a JavaScript Set that holds a million;
// everything is measured in one run, and each figure is the 15th percentile of many short rounds, so that a busy machine
// disturbs few of them.
import {
  AdaptiveCounter,
  addKeys,
  type DistinctCounter,
  ExactCounter,
  HyperLogLog,
  LinearCounting,
  murmur3x64128,
  UltraLogLog,
} from '@card/estimators'

const million = 1_000_000
let names = 0

/** Flat strings that no one has seen, as they come out of a decoder. */
function freshTexts(count: number): string[] {
  const prefix = `f${names++}-`
  return Array.from({ length: count }, (_, i) =>
    Buffer.from(prefix + String(i * 7919).padStart(19 - prefix.length, '0')).toString('latin1'),
  )
}

function measure<T>(count: number, rounds: number, prepare: () => T, run: (input: T) => void): number {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const input = prepare()
    const start = performance.now()
    run(input)
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  return (times[Math.floor(rounds * 0.15)]! * 1e6) / count
}

const set = new Set<string>()
for (const text of freshTexts(million)) set.add(text)
const unit = measure(
  4000,
  60,
  () => freshTexts(4000),
  (texts) => {
    for (const text of texts) set.add(text)
  },
)

const print = (name: string, nanoseconds: number, most?: number) => {
  const ratio = nanoseconds / unit
  const verdict = most === undefined ? '' : ratio <= most ? `  (at most ${most})` : `  ABOVE ${most}`
  console.log(
    `${name.padEnd(56)}${nanoseconds.toFixed(1).padStart(10)} ns${ratio.toFixed(3).padStart(9)}${verdict}`,
  )
}

console.log(`Node ${process.version}\n${''.padEnd(56)}${'absolute'.padStart(13)}${'ratio'.padStart(9)}`)
print('Set.add of a fresh string, a million in it', unit)

const hashes = new Uint32Array(4 * million)
for (let i = 0, word = 1; i < hashes.length; i++) {
  word = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d) + i
  word = Math.imul(word ^ (word >>> 12), 0x297a2d39)
  hashes[i] = word ^ (word >>> 15)
}
let row = 0
const nextRow = (count: number) => {
  row = (row + count) % (million - count)
  return row
}

const counters: [string, () => DistinctCounter][] = [
  ['HyperLogLog p=12, HLL_8', () => new HyperLogLog({ precision: 12 })],
  ['HyperLogLog p=12, HLL_6', () => new HyperLogLog({ precision: 12, type: 'HLL_6' })],
  ['HyperLogLog p=12, HLL_4', () => new HyperLogLog({ precision: 12, type: 'HLL_4' })],
  ['UltraLogLog p=12', () => new UltraLogLog({ precision: 12 })],
  ['LinearCounting 16 KiB', () => new LinearCounting({ bits: 131_072 })],
  ['ExactCounter', () => new ExactCounter()],
  ['AdaptiveCounter', () => new AdaptiveCounter()],
]
for (const [name, create] of counters) {
  const counter = create()
  counter.addHashes(hashes, 0, 200_000)
  const isHll8 = name === 'HyperLogLog p=12, HLL_8'
  const texts = measure(
    4000,
    60,
    () => freshTexts(4000),
    (fresh) => {
      for (const text of fresh) counter.add(text)
    },
  )
  print(`${name}: add of a fresh string`, texts, isHll8 ? 0.2 : undefined)
  const batches = measure(
    50_000,
    60,
    () => nextRow(50_000),
    (from) => {
      counter.addHashes(hashes, from, from + 50_000)
    },
  )
  print(`${name}: addHashes, a row`, batches)
}

const plain = new HyperLogLog({ precision: 12 })
plain.addHashes(hashes, 0, 200_000)
const single = measure(
  50_000,
  60,
  () => nextRow(50_000),
  (from) => {
    for (let at = 4 * from; at < 4 * from + 200_000; at += 4) {
      plain.addHash(hashes[at]!, hashes[at + 1]!, hashes[at + 2]!, hashes[at + 3]!)
    }
  },
)
print('HyperLogLog p=12: addHash', single, 0.04)

const column = Buffer.from(freshTexts(100_000).join(''))
const offsets = Uint32Array.from({ length: 100_001 }, (_, i) => 19 * i)
const batch = measure(
  100_000,
  30,
  () => 0,
  () => {
    addKeys(plain, column, offsets)
  },
)
print('HyperLogLog p=12: addKeys from bytes, a key', batch, 0.05)

// The plain form of the hash is what the counters take where WebAssembly is missing; a text of one character that is
// not ASCII is never given to WebAssembly.
const words = new Uint32Array(4)
const wasm = measure(
  4000,
  60,
  () => freshTexts(4000),
  (texts) => {
    for (const text of texts) murmur3x64128(text, 9001, words)
  },
)
print('murmur3x64128 of a fresh string', wasm)
const { hashAscii, hashWords } = await import('../../packages/estimators/src/hash/murmur3-x64-128.js')
const slow = measure(
  4000,
  60,
  () => freshTexts(4000),
  (texts) => {
    for (const text of texts) {
      hashAscii(text, 9001)
      plain.addHash(hashWords[0]!, hashWords[1]!, hashWords[2]!, hashWords[3]!)
    }
  },
)
print('HyperLogLog p=12: add of a fresh string, plain form', slow, 0.6)

const merged = plain.clone()
const merges = measure(
  50,
  40,
  () => 0,
  () => {
    for (let i = 0; i < 50; i++) {
      merged.merge(plain)
      merged.count()
    }
  },
)
print('HyperLogLog p=12: merge and count', merges, 50)

const exact = new ExactCounter()
let worst = 0
for (let from = 0; from < million; from += 100) {
  const start = performance.now()
  exact.addHashes(hashes, from, from + 100)
  worst = Math.max(worst, performance.now() - start)
}
console.log(`ExactCounter: the longest pause of 10,000 batches of 100 was ${worst.toFixed(2)} ms`)

const gc = (globalThis as { gc?: () => void }).gc
if (gc !== undefined) {
  const texts = freshTexts(500_000)
  for (const [name, create] of counters.slice(0, 5)) {
    const counter = create()
    let bytes = 0
    // The first rounds run before the engine has optimized the loop for this counter; the last tells what stays.
    for (let round = 0; round < 6; round++) {
      gc()
      const before = process.memoryUsage().heapUsed
      addAll(counter, texts)
      bytes = (process.memoryUsage().heapUsed - before) / texts.length
    }
    console.log(`${name}: ${Math.max(bytes, 0).toFixed(2)} bytes allocated an add`)
  }
}

function addAll(counter: DistinctCounter, texts: readonly string[]): void {
  for (const text of texts) counter.add(text)
}
