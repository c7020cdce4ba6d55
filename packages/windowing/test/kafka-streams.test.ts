import { describe, expect, it } from 'vitest'
import { kafkaStreamsOptions, Outcome, type Pane, WindowEngine } from '../src/index.js'
import { fixtureLines } from './fixture-lines.js'
import { userSets } from './user-set.js'

interface KafkaStreamsLine {
  name: string
  config: { size: number; grace: number }
  input: { t: number; user: string }[]
  expect: {
    updates: { start: number; end: number; events: number; users: number; after: number; rev: number }[]
    finals: { start: number; end: number; events: number; users: number; after: number }[]
    lateDropped: number[]
    streamTime: number[]
  }
}

/** Finals as with `suppress(untilWindowCloses)`. */
function finals(line: KafkaStreamsLine) {
  const { size, grace } = line.config
  const engine = new WindowEngine({
    sizes: [{ name: 'w', length: size }],
    aggregate: userSets,
    ...kafkaStreamsOptions(grace),
  })
  const found: Omit<KafkaStreamsLine['expect'], 'updates'> = { finals: [], lateDropped: [], streamTime: [] }
  forEachRow(engine, line, (after, late) => {
    if (late) found.lateDropped.push(after)
    for (const { start, end, events, state } of engine.takePanes()) {
      found.finals.push({ start, end, events, users: state.size, after })
    }
    found.streamTime.push(engine.watermark + grace + 1)
  })
  return found
}

/** Updates as without suppression: an early pane after each record. */
function updates(line: KafkaStreamsLine) {
  const { size, grace } = line.config
  const engine = new WindowEngine({
    sizes: [{ name: 'w', length: size }],
    aggregate: userSets,
    ...kafkaStreamsOptions(grace),
  })
  const found: KafkaStreamsLine['expect']['updates'] = []
  forEachRow(engine, line, (after) => {
    engine.takePanes()
    for (const { start, end, events, state, revision } of engine.early() as Pane<Set<number>>[]) {
      found.push({ start, end, events, users: state.size, after, rev: revision })
    }
  })
  return found
}

function forEachRow(
  engine: WindowEngine<Set<number>>,
  { input }: KafkaStreamsLine,
  then: (index: number, late: boolean) => void,
): void {
  const users = new Map<string, number>()
  input.forEach(({ t, user }, index) => {
    if (!users.has(user)) users.set(user, users.size)
    engine.push(0, { time: Float64Array.of(t) }, 0, 1)
    const late = engine.runs.outcome[0] === Outcome.late
    if (!late) engine.state(engine.runs.slot[0]!).add(users.get(user)!)
    then(index, late)
  })
}

for (const name of ['kafka-streams-1.jsonl', 'kafka-streams-2.jsonl']) {
  describe(`Kafka Streams gives the same (${name})`, () => {
    it.each(fixtureLines<KafkaStreamsLine>(name))('$name', (line) => {
      const { updates: expected, ...rest } = line.expect
      expect(finals(line)).toEqual(rest)
      expect(updates(line)).toEqual(expected)
    })
  })
}
