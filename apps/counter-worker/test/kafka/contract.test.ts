import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SinkRecord } from '@card/kafka-io'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { expect, test } from 'vitest'
import { parseLines, type Run, run } from '../program.js'
import { describeKafka, frame, type Line, latest, linesOf, type TestBroker } from './support.js'

const folder = temporaryFolder('contract')
const noon = Date.parse('2016-07-11T12:00:00Z') / 1000
const at = (minute: number) => new Date((noon + 60 * minute) * 1000).toISOString()
const row = (minute: number, count: number, events = count, group: string | null = null) =>
  JSON.stringify(['1m', at(minute), group, count, events])

/** Ten users in each minute, a frame every two seconds, from one minute to below another. */
function minutes(from: number, to: number): SinkRecord[] {
  return Array.from({ length: (to - from) * 30 }, (_, i) => frame(`user-${i % 10}`, noon + from * 60 + 2 * i))
}

/** Runs the worker, or a command of it, on all that a topic has now, whatever the exit code. */
function toEnd(
  broker: TestBroker,
  topic: string,
  words: readonly string[],
  command: readonly string[] = [],
): Promise<Run> {
  const end = command.length === 0 ? ['--until', 'end'] : []
  return run([...command, '--brokers', broker.brokers.join(','), '--topic', topic, ...end, ...words])
}

interface LogLine {
  readonly level: string
  readonly msg: string
  readonly [field: string]: unknown
}

describeKafka('a topic of records that are no frames', (broker) => {
  test('is counted by the fields of its records, on any number of threads, and nothing is parsed', async () => {
    const topic = await broker.topic()
    const record = (i: number): SinkRecord => ({
      key: i % 3 === 2 ? null : `video-${i % 3}`,
      value: i % 50 === 7 ? '{"no frame' : `u${i % 40}`,
      timestamp: (noon + i) * 1000,
    })
    const records = Array.from({ length: 240 }, (_, i) => record(i))
    await broker.put(topic, [...records, { value: null, timestamp: (noon + 240) * 1000 }])
    const own = ['--key', '@value', '--time', '@timestamp', '--time-unit', 'ns']
    const { lines, summary, run } = await broker.count(topic, ...own)
    const expected = [0, 1, 2, 3].map((minute) => {
      const values = records.slice(60 * minute, 60 * (minute + 1)).map(({ value }) => value)
      return row(minute, new Set(values).size, 60)
    })
    expect(latest(lines)).toEqual(expected)
    expect(summary).toMatchObject({
      lines: 241,
      blank: 1,
      counted: 240,
      rejected: {},
      late: {},
      fallbacks: 0,
    })
    const grouped = await broker.count(topic, ...own, '--group-by', '@key')
    expect(latest(grouped.lines)).toHaveLength(12)
    expect(new Set(grouped.lines.map(({ group }) => group))).toEqual(new Set(['video-0', 'video-1', null]))
    for (const [words, one] of [
      [[], run],
      [['--group-by', '@key'], grouped.run],
    ] as const) {
      const threaded = await broker.count(topic, ...own, ...words, '--threads', '2')
      expect(threaded.run.stdout).toBe(one.stdout)
    }
  })

  test('is rejected by the reasons of its fields, beside members of its frames', async () => {
    const topic = await broker.topic()
    const value = `{"uid":"a","ts":${noon},"@timestamp":${noon}}`
    const timestamp = (noon + 600) * 1000
    await broker.put(topic, [
      { key: 'k', value, timestamp },
      { key: null, value, timestamp },
      { key: new Uint8Array([0xff]), value, timestamp },
      { key: 'k', value: 'no frame', timestamp },
    ])
    const keyed = await broker.count(topic, '--key', '@key')
    expect(keyed.summary).toMatchObject({ counted: 2, rejected: { 'missing-key': 1, 'not-json': 1 } })
    const grouped = await broker.count(topic, '--group-by', '@key', '--time', '@timestamp')
    expect(grouped.summary).toMatchObject({ counted: 2, rejected: { 'bad-group': 1, 'not-json': 1 } })
    expect(grouped.lines[0]).toMatchObject({ start: at(10) })
    expect(grouped.run.stderr).toContain('records have a member \\"@timestamp\\"')
    const member = await broker.count(topic, '--time', '\\@timestamp')
    expect(latest(member.lines)).toEqual([row(0, 1, 3)])
    expect(member.run.stderr).not.toContain('have a member')
  })

  test('of which 20,000 of 20,000 are rejected is told of once, in one log line, and the worker is not ready until something counts', async () => {
    const topic = await broker.topic(2)
    await broker.put(
      topic,
      Array.from({ length: 20_000 }, (_, i) => ({ value: `{"userid":"u${i}","ts":${noon}}` })),
    )
    const worker = await broker.worker(topic, '--http', '127.0.0.1:0')
    const url = await worker.url()
    const rejected = async () =>
      (await (await fetch(`${url}/metrics`)).text()).includes('"missing-key"} 20000\n')
    await worker.until(rejected)
    await worker.until(({ stderr }) => stderr.includes('could be counted'))
    const readiness = async () => {
      const response = await fetch(`${url}/readyz`)
      return [response.status, await response.json()]
    }
    expect(await readiness()).toEqual([
      503,
      { status: 'none of the 20,000 records so far could be counted: missing-key' },
    ])
    await broker.put(topic, minutes(0, 1))
    await worker.until(async () => (await readiness())[0] === 200)
    const { code, stderr } = await worker.stop()
    const told = parseLines<LogLine>(stderr).filter(({ msg }) => msg.startsWith('none of the first'))
    expect([code, told]).toEqual([
      0,
      [
        expect.objectContaining({
          level: 'warn',
          reasons: expect.stringMatching(/^missing-key [\d,]+$/),
          place: expect.stringMatching(/^likes-.*\/[01], offset 0$/),
          line: expect.stringContaining('"userid"'),
          members: expect.stringContaining('userid (string)'),
          remedies: ['try --key userid: 100 of the first 100 rejected records would count'],
        }),
      ],
    ])
  })

  test('is explained from its first records: what would count, and 65 where nothing would', async () => {
    const [frames, ids, text] = await Promise.all([broker.topic(2), broker.topic(), broker.topic()])
    await broker.put(
      frames,
      minutes(0, 2).map((record) => ({ ...record, value: String(record.value).replace('uid', 'userid') })),
    )
    await broker.put(
      ids,
      minutes(0, 1).map(({ key }, i) => ({ value: key!, timestamp: (noon + i) * 1000 })),
    )
    await broker.put(text, [{ value: 'a,b,c' }, { value: '1,2,3' }])
    const explained = await toEnd(broker, frames, [], ['explain'])
    expect([explained.code, explained.stdout]).toEqual([
      0,
      expect.stringContaining('try --key userid: 60 of 60 would count'),
    ])
    const asJson = await toEnd(broker, ids, ['--json'], ['explain'])
    expect([asJson.code, JSON.parse(asJson.stdout)]).toEqual([
      0,
      expect.objectContaining({
        sources: [{ name: `${ids}/0`, compression: null }],
        counted: 0,
        flags: ['--key @value', '--time @timestamp'],
        countedWithFlags: 30,
        distinctKeys: 10,
      }),
    ])
    // As many of each partition as there are, whichever answers first.
    const uneven = await broker.topic(2)
    const one = (partition: number, i: number) => ({
      partition,
      value: `{"uid":"u${i % 100}","ts":${noon + i}}`,
    })
    const many = Array.from({ length: 12_000 }, (_, i) => one(0, i))
    await broker.put(uneven, [...many, ...Array.from({ length: 200 }, (_, i) => one(1, i))])
    const spread = await toEnd(broker, uneven, ['--json'], ['explain'])
    expect(JSON.parse(spread.stdout)).toMatchObject({
      sources: [{ name: `${uneven}/0` }, { name: `${uneven}/1` }],
      lines: 10_000,
      counted: 10_000,
      late: 0,
    })
    const none = await toEnd(broker, text, [], ['explain'])
    expect([none.code, none.stdout]).toEqual([65, expect.stringContaining('0 of them would count')])
  })
})

describeKafka('a topic read to its end', (broker) => {
  test('of which nothing counts, or too little, ends with 65; what counts is printed all the same', async () => {
    const [none, some] = await Promise.all([broker.topic(), broker.topic()])
    await broker.put(none, [{ value: 'x' }, { value: null }, { value: 'y' }])
    await broker.put(some, [...minutes(0, 1), ...Array<SinkRecord>(10).fill({ value: 'x' })])
    const all = await toEnd(broker, none, [])
    expect([all.code, all.stdout]).toEqual([65, ''])
    expect(all.stderr).toContain('none of the 2 records could be counted')
    for (const [limit, code] of [
      ['24', 65],
      ['25', 0],
    ] as const) {
      const part = await toEnd(broker, some, ['--max-rejects', limit])
      expect([limit, part.code, latest(linesOf(part.stdout))]).toEqual([limit, code, [row(0, 10, 30)]])
      expect(part.stderr.includes('--max-rejects')).toBe(code === 65)
    }
  })

  test('writes totals after the groups of their window, under a key of their own', async () => {
    const topic = await broker.topic()
    const grouped = (uid: string, group: string | null, i: number) => ({
      value: JSON.stringify({ uid, ts: noon + i, group }),
    })
    const records = [grouped('a', 'x', 0), grouped('b', 'x', 1), grouped('a', 'y', 2), grouped('c', null, 3)]
    await broker.put(topic, records)
    const out = await broker.topic()
    const { lines } = await broker.count(
      topic,
      '--group-by',
      'group',
      '--totals',
      '--out-topic',
      out,
      '--print',
    )
    const written = await broker.read(out)
    const key = (group: string | null, ...total: string[]) => JSON.stringify(['1m', at(0), group, ...total])
    expect(written.map((record) => record.key)).toEqual([key(null), key('x'), key('y'), key(null, 'total')])
    expect(written.map(({ value }) => JSON.parse(value))).toEqual(lines)
    const total = lines.at(-1) as Line & { total?: true }
    expect(total).toMatchObject({ group: null, count: 3, events: 4, total: true })
    expect(Object.keys(total).at(-1)).toBe('total')
    expect(lines.slice(0, 3).some((line) => 'total' in line)).toBe(false)
  })

  test('holds frames for the partition that they are in: another one makes none of them late', async () => {
    const topic = await broker.topic(2)
    const few = [frame('a', noon), frame('b', noon + 1)].map((record) => ({ ...record, partition: 0 }))
    const many = Array.from({ length: 900 }, (_, i) => ({
      ...frame(`user-${i % 7}`, noon + 4 * i),
      partition: 1,
    }))
    await broker.put(topic, [...many, ...few])
    const { lines, summary } = await broker.count(topic)
    expect(summary).toMatchObject({ counted: 902, late: {}, rejected: {} })
    expect(latest(lines)[0]).toBe(row(0, 9, 17))
    expect(latest(lines)).toHaveLength(60)
  })
})

describeKafka('a topic that the far-future guard watches', (broker) => {
  test('gives what three messages by one user say when it has been idle twice as long, and sums that agree', async () => {
    const topic = await broker.topic()
    await broker.put(
      topic,
      [0, 1, 2].map((second) => frame('me', noon + second)),
    )
    const summary = join(folder, 'silence.json')
    const late = join(folder, 'silence-late.ndjson')
    const worker = await broker.worker(
      topic,
      '--idle-timeout',
      '500ms',
      '--summary',
      summary,
      '--late-file',
      late,
    )
    await worker.until(({ lines }) => lines.length >= 1)
    expect(latest(worker.lines)).toEqual([row(0, 1, 3)])
    expect((await worker.stop()).code).toBe(0)
    expect(JSON.parse(readFileSync(summary, 'utf8'))).toMatchObject({
      lines: 3,
      counted: 3,
      late: {},
      windows: 1,
      unfinished: 0,
    })
    expect(readFileSync(late, 'utf8')).toBe('')
  })

  test('warns in its log, with an example, of a held frame, of a leap, and of a partition mostly late', async () => {
    const topic = await broker.topic()
    const hours = (count: number) => count * 3600
    const later = Array.from({ length: 30 }, (_, i) => frame(`user-${i % 5}`, noon + hours(2) + i))
    const stale = Array.from({ length: 1200 }, (_, i) => frame(`user-${i % 5}`, noon + (i % 60)))
    await broker.put(topic, [
      ...minutes(0, 1),
      frame('flipped', noon + hours(9000)),
      frame('user-1', noon + 59),
      ...later,
      ...stale,
    ])
    const { summary, run } = await broker.count(topic)
    const warnings = parseLines<LogLine>(run.stderr)
      .filter(({ level }) => level === 'warn')
      .map(({ msg }) => msg)
    for (const says of [
      new RegExp(`^${topic}/0: a frame of \\S+ is far ahead of all others.*offset \\d+: `),
      new RegExp(`^${topic}/0: event time jumped from 2016-07-11T12:00:59.000Z to 2016-07-11T14:00:00.000Z`),
      new RegExp(`^${topic}/0: more than half of the last 1,000 frames were late.*offset \\d+: `),
    ]) {
      expect(warnings.filter((warning) => says.test(warning))).toHaveLength(1)
    }
    expect(summary).toMatchObject({ counted: 61, late: { dropped: 1200, ahead: 1 } })
  })
})
