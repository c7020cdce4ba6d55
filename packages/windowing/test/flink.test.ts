import { describe, expect, it } from 'vitest'
import { Outcome, type Pane, WindowEngine } from '../src/index.js'
import { fixtureLines } from './fixture-lines.js'
import { userSets } from './user-set.js'

interface FlinkLine {
  name: string
  config: {
    size: number
    offset: number
    outOfOrderness: number | null
    allowedLateness: number
    partitions: number
  }
  input: {
    p?: number
    t?: number
    user?: string
    idle?: number
    active?: number
    watermark?: number
    end?: true
  }[]
  expect: {
    fires: {
      start: number
      end: number
      events: number
      users: number
      after: number
      pane: string
      rev: number
    }[]
    lateDropped: number[]
    watermarks: (number | 'max' | null)[]
    open: number[]
  }
}

/** Runs a history through the single-stage engine: lateness by the combined watermark, corrections at each event. */
function run(line: FlinkLine, restarts = false): FlinkLine['expect'] {
  const { size, offset, outOfOrderness, allowedLateness, partitions } = line.config
  const make = () =>
    new WindowEngine({
      sizes: [{ name: 'w', length: size, offset }],
      aggregate: userSets,
      partitions: Array.from({ length: partitions }, (_, p) => p),
      outOfOrderness: outOfOrderness ?? Number.POSITIVE_INFINITY,
      allowedLateness,
      lateness: 'combined',
      corrections: 'event',
    })
  let engine = make()
  const found: FlinkLine['expect'] = { fires: [], lateDropped: [], watermarks: [], open: [] }
  const users = new Map<string, number>()
  const kinds = { final: 'ON_TIME', corrected: 'LATE', early: 'EARLY' }
  line.input.forEach((input, after) => {
    if (input.end) engine.flush()
    else if (input.idle !== undefined) engine.idle(input.idle)
    else if (input.active !== undefined) engine.active(input.active)
    else if (input.watermark !== undefined) engine.observe(input.p!, input.watermark)
    else {
      engine.push(input.p!, { time: Float64Array.of(input.t!) }, 0, 1)
      if (!users.has(input.user!)) users.set(input.user!, users.size)
      if (engine.runs.outcome[0] === Outcome.late) found.lateDropped.push(after)
      else engine.state(engine.runs.slot[0]!).add(users.get(input.user!)!)
    }
    const fire = ({ start, end, events, state, kind, revision }: Pane<Set<number>>) =>
      found.fires.push({ start, end, events, users: state.size, after, pane: kinds[kind], rev: revision })
    engine.takePanes().forEach(fire)
    const { watermark } = engine
    found.watermarks.push(watermark === Infinity ? 'max' : watermark === -Infinity ? null : watermark)
    found.open.push(engine.openWindows)
    if (restarts) {
      const saved = JSON.parse(JSON.stringify(engine.snapshot()))
      engine = make()
      engine.restore(saved)
    }
  })
  return found
}

for (const name of ['flink-targeted', 'flink-windows-1', 'flink-windows-2', 'flink-windows-3']) {
  describe(`Apache Flink gives the same (${name})`, () => {
    it.each(fixtureLines<FlinkLine>(`${name}.jsonl`))('$name', (line) => {
      expect(run(line)).toEqual(line.expect)
      // Idleness is not saved: a partition starts active.
      if (!line.input.some((input) => input.idle !== undefined)) expect(run(line, true)).toEqual(line.expect)
    })
  })
}
