// What the shape of a line costs the frame reader: `pnpm bench shapes [--length BYTES] [--rounds N] [--only TEXT] [--write]`.
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { FrameReader } from '@card/frames'
import { expectPlaces, median, publish, table } from './report/performance-page.js'
import { linesOf, plain, type Shape, shapes } from './shapes/shapes.js'

const { values } = parseArgs({
  options: {
    length: { type: 'string', default: '250' },
    megabytes: { type: 'string', default: '16' },
    rounds: { type: 'string', default: '9' },
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
})
const length = Number(values.length)
const rounds = Number(values.rounds)
const count = Math.round((Number(values.megabytes) * 1e6) / length)
const modes = ['strict', 'trusted'] as const
/** How much more than a plain line any shape is to cost at most. */
const target = 1.25

expectPlaces(['shapes'], values.write)
const chosen = shapes.filter(({ name }) => name.includes(values.only))
const cells = chosen.map((shape) => [shape.name, shape.example, ...measure(shape)])
publish(
  'shapes',
  [
    `Node ${process.version}, ${cpus()[0]?.model}; ${count.toLocaleString('en-US')} lines of ${length} bytes each, in memory;`,
    `CPU time of the reader, each shape in turn with the plain one (a group with escapes: with a plain group), medians of ${rounds} rounds. The target is ${target} at most.\n`,
    table(
      ['shape', 'as in', 'strict, ns a line', 'plain = 1', 'trusted, ns', 'plain = 1 ', 'fallbacks'],
      cells,
      ['shape', 'as in'],
    ),
  ].join('\n'),
  values.write,
)

/** The cells of a shape's row: ns and ratio, strict and trusted, and how many lines left the scanner. */
function measure(shape: Shape): string[] {
  const source = linesOf(shape, count, length)
  const { baseline = plain } = shape
  const baselineSource = linesOf(baseline, count, length)
  let fallbacks = 0
  const results = modes.flatMap((json) => {
    const times: number[] = []
    const ratios: number[] = []
    for (let round = -1; round < rounds; round++) {
      const base = read(baseline, baselineSource, json)
      const one = read(shape, source, json)
      fallbacks += one.fallbacks
      // The first round only warms up.
      if (round < 0) continue
      times.push(one.ns / count)
      ratios.push(one.ns / base.ns)
    }
    const ratio = median(ratios).toFixed(2)
    return [median(times).toFixed(0), Number(ratio) <= target ? ratio : `${ratio}, not reached`]
  })
  return [...results, String(fallbacks)]
}

function read({ options }: Shape, source: Uint8Array, json: 'strict' | 'trusted') {
  const reader = new FrameReader({
    ...{ key: 'uid', time: 'ts', timeUnit: 'auto', groupBy: null, maxLine: 1 << 20 },
    ...options,
    json,
  })
  let counted = 0
  const drain = () => {
    while (reader.next()) {
      const { rows, status } = reader.columns
      for (let row = 0; row < rows; row++) if (status[row] === 0) counted++
    }
  }
  const before = process.cpuUsage()
  for (let rest = source; rest.length > 0; ) {
    const space = reader.reserve(1 << 18)
    const part = rest.subarray(0, space.length)
    space.set(part)
    reader.commit(part.length)
    rest = rest.subarray(part.length)
    drain()
  }
  const { user, system } = process.cpuUsage(before)
  if (counted !== count) throw new Error(`expected all ${count} lines to count, found ${counted}`)
  return { ns: (user + system) * 1000, fallbacks: reader.fallbacks }
}
