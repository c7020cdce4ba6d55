// Compares the scanner with JSON.parse on generated and damaged lines: `pnpm fuzz [SECONDS] [SEED] [LEAST ROWS]`.

import { rejectionReasons } from '../src/index.js'
import { type Comparison, compareReaders } from '../test/compare-readers.js'
import { LineFuzzer } from '../test/line-fuzzer.js'

const seconds = Number(process.argv[2] ?? 60)
const firstSeed = Number(process.argv[3] ?? Date.now() % 2 ** 31)
const least = Number(process.argv[4] ?? 1)
if (![seconds, firstSeed, least].every((value) => value >= 0)) {
  throw new Error(`Expected [SECONDS] [SEED] [LEAST ROWS], found: ${process.argv.slice(2).join(' ')}`)
}
// Every line that is no JSON throws, and a stack costs more than the line.
Error.stackTraceLimit = 0
const end = Date.now() + seconds * 1000
const seen: Comparison = { rows: [], scanned: 0 }
process.stdout.write(`first seed ${firstSeed}, ${seconds} s\n`)
let seed = firstSeed
for (; Date.now() < end; seed++) {
  const fuzzer = new LineFuzzer(seed)
  const options = fuzzer.options()
  const source = fuzzer.source(1000, options)
  const sizes = fuzzer.chunkSizes()
  try {
    compareReaders(source, options, sizes, seen)
  } catch (error) {
    process.stdout.write(
      `seed ${seed}: ${JSON.stringify(options)}, chunks ${sizes}\n${(error as Error).message}\n`,
    )
    process.exitCode = 1
    break
  }
}
const rows = seen.rows.reduce((sum, count) => sum + (count ?? 0), 0)
const byStatus = rejectionReasons.map((reason, status) => `${reason} ${seen.rows[status] ?? 0}`)
process.stdout.write(
  `${seed - firstSeed} sources, ${rows} rows, ${seen.scanned} by the scanner: ${byStatus.join(', ')}\n`,
)
if (rows < least) {
  process.stdout.write(
    `Expected at least ${least} rows in ${seconds} s, found ${rows}: give it more seconds, or look for what slows it down\n`,
  )
  process.exitCode = 1
}
