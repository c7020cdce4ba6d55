// Mean and root mean square error against theory, and how often the 95 % bounds hold: `pnpm bench accuracy [TRIALS] [SEED]`.
// Sketches of 2^11 registers are fed with pseudo-random hashes up to 2^20 values and drawn from their distribution beyond;
// the estimates of one stream are measured on 2^7 registers, change by change. The verdict allows for the trials: a right
// build fails less than once in 10,000 runs.
import { type Bounds, HyperLogLog, LinearCounting, UltraLogLog } from '@card/estimators'
import { randomSource } from './simulation/random.js'
import { drawHll, drawUll, walkHll, walkUll } from './simulation/sketch-walk.js'

const trials = Number(process.argv[2] ?? 100)
const random = randomSource(Number(process.argv[3] ?? 1))
const precision = 11
const streamPrecision = 7
const bits = 2 ** 18
/** Standard deviations of a figure that some 5,000 comparisons stay within, 9,999 times of 10,000. */
const spread = 5.7

/** Sixteen points an octave, so that no change of modes lies between two of them. */
const near = [...new Set(Array.from({ length: 20 * 16 + 1 }, (_, i) => Math.round(2 ** (i / 16))))]
const far = [1e7, 1e8, 1e9]
const constant = (c: number, p: number) => () => c / Math.sqrt(2 ** p)
const theory: Record<string, (n: number) => number> = {
  'HLL composite': constant(1.039, precision),
  'HLL likelihood': constant(1.0367, precision),
  'HLL HIP': constant(0.8326, streamPrecision),
  'ULL likelihood': constant(0.7609, precision),
  'ULL FGRA': constant(0.7822, precision),
  'ULL martingale': constant(0.6583, streamPrecision),
  'Linear 32 KiB': (n) => Math.sqrt(bits * (Math.expm1(n / bits) - n / bits)) / n,
}

const isOctave = (n: number) => Number.isInteger(Math.log2(n))

interface Sums {
  trials: number
  sum: number
  squares: number
  covered: number
  bounded: number
}
const table = new Map<string, Map<number, Sums>>(Object.keys(theory).map((name) => [name, new Map()]))

function note(name: string, n: number, estimate: number, bounds?: Bounds): void {
  const at = table.get(name)!.get(n) ?? { trials: 0, sum: 0, squares: 0, covered: 0, bounded: 0 }
  table.get(name)!.set(n, at)
  const error = estimate / n - 1
  at.trials++
  at.sum += error
  at.squares += error * error
  if (bounds === undefined) return
  at.bounded++
  if (bounds.lower <= n && n <= bounds.upper) at.covered++
}

function noteSketches(n: number, hll: HyperLogLog, ull: UltraLogLog): void {
  note('HLL composite', n, hll.count(), hll.bounds())
  note('HLL likelihood', n, hll.likelihoodCount())
  note('ULL likelihood', n, ull.count(), ull.bounds())
  note('ULL FGRA', n, ull.fgraCount())
}

for (let trial = 0; trial < trials; trial++) {
  const hll = new HyperLogLog({ precision })
  const ull = new UltraLogLog({ precision })
  const linear = new LinearCounting({ bits })
  let before = 0
  for (const n of near) {
    const hashes = random.hashes(n - before)
    for (const counter of [hll, ull, linear]) counter.addHashes(hashes, 0, n - before)
    before = n
    noteSketches(n, hll, ull)
    if (n <= 4 * bits) note('Linear 32 KiB', n, linear.count(), linear.bounds())
  }
  for (const n of far) noteSketches(n, drawHll(precision, n, random), drawUll(precision, n, random))
  const points = [...near.filter((n) => n > 16 && isOctave(n)), ...far]
  walkHll(streamPrecision, random, points, (sketch, n) =>
    note('HLL HIP', n, sketch.hipCount(), sketch.hipBounds()),
  )
  walkUll(streamPrecision, random, points, (sketch, n) => note('ULL martingale', n, sketch.martingaleCount()))
}

let failures = 0
console.log(`${trials} trials; errors in %; RMS / theory; coverage of the bounds at two standard deviations`)
console.log(
  `${'estimate'.padEnd(16)}${'values'.padStart(12)}${'mean'.padStart(10)}${'RMS'.padStart(10)}${'ratio'.padStart(8)}${'covered'.padStart(9)}`,
)
for (const [name, rows] of table) {
  let worst = 0
  for (const [n, { trials: count, sum, squares, covered, bounded }] of rows) {
    const expected = theory[name]!(n)
    const mean = sum / count
    const rms = Math.sqrt(squares / count)
    // A collision among few values is rare and large: the error of one, as often as chance may have it in all trials.
    const rare = 3 / n / Math.sqrt(count)
    const isRight =
      rms <= 1.05 * expected * (1 + spread / Math.sqrt(2 * count)) + rare &&
      Math.abs(mean) <= expected / 10 + (spread * expected) / Math.sqrt(count) + rare &&
      (bounded === 0 || covered / bounded >= 0.9545 - spread * Math.sqrt((0.9545 * 0.0455) / bounded))
    if (!isRight) failures++
    if (n > 64) worst = Math.max(worst, rms / expected)
    // Of sixteen points an octave one is printed, and any that is wrong.
    if (isRight && !isOctave(n) && n <= 2 ** 20) continue
    const cells = [
      (100 * mean).toFixed(3).padStart(10),
      (100 * rms).toFixed(3).padStart(10),
      (rms / expected).toFixed(2).padStart(8),
      (bounded === 0 ? '' : (covered / bounded).toFixed(3)).padStart(9),
    ]
    console.log(`${name.padEnd(16)}${String(n).padStart(12)}${cells.join('')}${isRight ? '' : '  WRONG'}`)
  }
  console.log(
    `${name}: ${rows.size} points, at most ${worst.toFixed(2)} of the error in theory above 64 values`,
  )
}
console.log(failures === 0 ? 'all as in theory' : `${failures} figures are not as in theory`)
process.exitCode = failures === 0 ? 0 : 1
