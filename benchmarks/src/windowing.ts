// The windowing engine against a plain loop that only computes the minute of each time: `pnpm bench windowing [EVENTS] [ROUNDS]`.
import { cpus } from 'node:os'
import {
  type Aggregate,
  Outcome,
  WindowEngine,
  type WindowEngineOptions,
  type WindowSize,
} from '@card/windowing'
import { median } from './report/performance-page.js'

const events = Number(process.argv[2] ?? 1_000_000)
const rounds = Number(process.argv[3] ?? 15)
const batch = 4096
const start = 1_468_244_384_000

/** A state that costs nothing, so that the engine alone is measured. */
const counts: Aggregate<{ n: number }> = {
  create: () => ({ n: 0 }),
  merge: () => {},
  copy: (state) => ({ ...state }),
  save: (state) => state.n,
  load: (n) => ({ n: n as number }),
  measure: () => 16,
}

const six: WindowSize[] = [
  { name: '1m', length: 60_000 },
  { name: '5m', length: 300_000 },
  { name: '1h', length: 3_600_000 },
  { name: '1d', unit: 'day' },
  { name: '1w', unit: 'week' },
  { name: '1M', unit: 'month' },
]
const calendar: WindowSize[] = (['day', 'week', 'month', 'quarter', 'year'] as const).map((unit) => ({
  name: unit,
  unit,
}))

/** Linear congruential, so that every run is the same. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state / 0x7fffffff
  }
}

/** Times `step` ms apart, some of them earlier by up to `latest` ms. */
function timesOf(step: number, share: number, latest: number): Float64Array {
  const random = randomOf(7)
  return Float64Array.from({ length: events }, (_, i) => {
    const late = random() < share ? Math.floor(random() * latest) : 0
    return Math.floor(start + i * step - late)
  })
}

function groupsOf(count: number): Uint32Array {
  const random = randomOf(9)
  return Uint32Array.from({ length: events }, () => 1 + Math.floor(random() * count))
}

const minutes = new Float64Array(batch)

/** What the engine's cost is compared with. */
function plainLoop(time: Float64Array): number {
  for (let from = 0; from < events; from += batch) {
    const to = Math.min(events, from + batch)
    for (let row = from; row < to; row++) minutes[row - from] = Math.floor(time[row]! / 60_000)
  }
  return minutes[0]!
}

/** A worker's loop: push, walk the runs, take the panes. */
function engineLoop(
  options: Partial<WindowEngineOptions<{ n: number }>>,
  time: Float64Array,
  group?: Uint32Array,
): number {
  const engine = new WindowEngine({ sizes: six, aggregate: counts, outOfOrderness: 5000, ...options })
  const { runs } = engine
  let panes = 0
  for (let from = 0; from < events; from += batch) {
    const rows = Math.min(batch, events - from)
    const columns = {
      time: time.subarray(from, from + rows),
      ...(group === undefined ? {} : { group: group.subarray(from, from + rows) }),
    }
    for (let row = 0; row < rows; ) {
      row = engine.push(0, columns, row, rows)
      for (let run = 0; run < runs.length; run++) {
        if (runs.outcome[run] === Outcome.counted)
          engine.state(runs.slot[run]!).n += runs.to[run]! - runs.from[run]!
      }
      panes += engine.takePanes().length
    }
  }
  return panes
}

const ordered = timesOf(1, 0, 0)
const disordered = timesOf(1, 0.01, 5000)
const minutesLate = timesOf(1, 0.01, 600_000)
const years = timesOf((2 * 365.25 * 86_400_000) / events, 0, 0)
// Days late, so that disorder makes the zone look for other windows and not for the one it has.
const daysLate = timesOf((2 * 365.25 * 86_400_000) / events, 0.01, 3 * 86_400_000)
const [ten, thousand] = [groupsOf(10), groupsOf(1000)]
const guarded = { maxAhead: 3_600_000 }
const inUtc = { sizes: calendar, outOfOrderness: 3 * 86_400_000 }
const inBerlin = { ...inUtc, zone: 'Europe/Berlin' }

const cases: [name: string, run: () => number][] = [
  ['plain loop: the minute of each time', () => plainLoop(ordered)],
  ['6 sizes, in order', () => engineLoop({}, ordered)],
  ['6 sizes, in order, guard', () => engineLoop(guarded, ordered)],
  ['6 sizes, 1 % out of order by up to 5 s', () => engineLoop({}, disordered)],
  ['6 sizes, 1 % out of order by up to 5 s, guard', () => engineLoop(guarded, disordered)],
  [
    '6 sizes, 1 % out of order by up to 10 min, guard',
    () => engineLoop({ ...guarded, outOfOrderness: 600_000 }, minutesLate),
  ],
  ['6 sizes, 10 groups at random', () => engineLoop({}, ordered, ten)],
  ['6 sizes, 1000 groups at random', () => engineLoop({}, ordered, thousand)],
  ['5 calendar sizes, 2 years, UTC', () => engineLoop(inUtc, years)],
  ['5 calendar sizes, 2 years, Berlin', () => engineLoop(inBerlin, years)],
  ['5 calendar sizes, 1 % out of order by up to 3 d, UTC', () => engineLoop(inUtc, daysLate)],
  ['5 calendar sizes, 1 % out of order by up to 3 d, Berlin', () => engineLoop(inBerlin, daysLate)],
]

console.log(
  `Node ${process.version}, ${cpus()[0]?.model}, ${events} events, least and median of ${rounds} rounds in turn\n`,
)
const taken = cases.map(() => [] as number[])
for (let round = -3; round < rounds; round++) {
  cases.forEach(([, run], i) => {
    // Time of the processor, not of the clock: on a busy machine a run of milliseconds waits as long again.
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    // The first rounds warm up.
    if (round >= 0) taken[i]!.push(((user + system) / events) * 1e3)
  })
}
/** The median over the rounds of the ratio within a round, where both had the same neighbours on the machine. */
const ratio = (of: number, to: number) => median(taken[of]!.map((ns, round) => ns / taken[to]![round]!))
console.log('ns of processor time an event: least | median | ratio to the plain loop')
cases.forEach(([name], i) => {
  const cells = [Math.min(...taken[i]!), median(taken[i]!), ratio(i, 0)].map((x) => x.toFixed(2).padStart(7))
  console.log(`${name.padEnd(55)} ${cells.join(' | ')}`)
})
const [utc, berlin, utcLate, berlinLate] = [8, 9, 10, 11] as const
console.log(
  `\nBerlin to UTC: ${ratio(berlin, utc).toFixed(3)} in order, ${ratio(berlinLate, utcLate).toFixed(3)} with 1 % out of order`,
)

const open = 100_000
const engine = new WindowEngine({ sizes: [six[0]!], aggregate: counts, partitions: [0, 1] })
globalThis.gc?.()
const before = process.memoryUsage().heapUsed
const far = Float64Array.from({ length: open }, (_, i) => start + i * 60_000)
for (let row = 0; row < open; ) row = engine.push(0, { time: far }, row, open)
globalThis.gc?.()
const bytes = (process.memoryUsage().heapUsed - before) / open
console.log(`${engine.openWindows} open windows: ${bytes.toFixed(0)} bytes each, states left out`)
