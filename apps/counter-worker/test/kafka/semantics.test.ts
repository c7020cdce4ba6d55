import { randomUUID } from 'node:crypto'
import { type SinkRecord, topicOffsets } from '@card/kafka-io'
import { expect, test } from 'vitest'
import { describeKafka, frame, latest } from './support.js'

const noon = Date.parse('2016-07-11T12:00:00Z') / 1000
const at = (minute: number) => `2016-07-11T12:${String(minute).padStart(2, '0')}:00.000Z`
const row = (minute: number, count: number, events = count) =>
  JSON.stringify(['1m', at(minute), null, count, events])

/** Ten users in each minute, a frame every two seconds, from one minute to below another. */
function minutes(from: number, to: number, partition?: number): SinkRecord[] {
  return Array.from({ length: (to - from) * 30 }, (_, i) => ({
    ...frame(`user-${i % 10}`, noon + from * 60 + 2 * i),
    ...(partition !== undefined && { partition }),
  }))
}

/** Soon, so that a test need not wait long. */
const soon = ['--idle-timeout', '500ms']

describeKafka('a topic', (broker) => {
  test('that falls silent gives its last window, and corrects it when it speaks again', async () => {
    const topic = await broker.topic()
    await broker.put(topic, minutes(0, 3))
    const worker = await broker.worker(topic, ...soon)
    await worker.until(({ lines }) => lines.length >= 3)
    expect(latest(worker.lines)).toEqual([row(0, 10, 30), row(1, 10, 30), row(2, 10, 30)])
    expect(worker.lines.map(({ pane, revision }) => [pane, revision])).toEqual([
      ['final', 0],
      ['final', 0],
      ['final', 0],
    ])
    // A new user of the same minute, and enough of the next for the window to end.
    await broker.put(topic, [frame('new', noon + 179), ...minutes(3, 4)])
    await worker.until(({ lines }) => lines.length >= 5)
    expect(latest(worker.lines)).toEqual([row(0, 10, 30), row(1, 10, 30), row(2, 11, 31), row(3, 10, 30)])
    expect(worker.lines[3]).toMatchObject({ start: at(2), pane: 'corrected', revision: 1 })
    const { code, stderr } = await worker.stop()
    expect([code, stderr]).toEqual([0, expect.stringContaining('windows published 4')])
  })

  test('that holds too few frames to be trusted gives their window, too', async () => {
    const topic = await broker.topic(4)
    await broker.put(topic, [frame('a', noon), frame('b', noon + 1)])
    const worker = await broker.worker(topic, ...soon)
    await worker.until(({ lines }) => lines.length >= 1)
    expect(latest(worker.lines)).toEqual([row(0, 2)])
    // What was published has been counted, and the sums say so.
    const { stderr } = await worker.stop()
    expect(stderr).toMatch(/counted 2, .*late 0/)
  })

  test('with a partition that is idle is not held back by it', async () => {
    const topic = await broker.topic(2)
    await broker.put(topic, [...minutes(0, 1, 0), ...minutes(0, 1, 1)])
    const worker = await broker.worker(topic, ...soon)
    // Partition 1 says nothing more; partition 0 goes on all the time, so the stream is never silent.
    let minute = 1
    const going = (async () => {
      while (minute < 100 && worker.lines.length < 2) await broker.put(topic, minutes(minute, ++minute, 0))
    })()
    await worker.until(({ lines }) => lines.length >= 2)
    await going
    expect(worker.lines[0]).toMatchObject({ start: at(0), count: 10, events: 60, pane: 'final' })
    expect(worker.lines[1]).toMatchObject({ start: at(1), count: 10, events: 30, pane: 'final' })
    await worker.stop()
  })

  test('with partitions days apart is read to its end, and the slow one holds the fast one back until it is idle', async () => {
    const topic = await broker.topic(2)
    const days = (partition: number, from: number) =>
      Array.from({ length: 60 }, (_, i) => ({
        ...frame(`user-${i % 10}`, noon + (from + (i >> 2)) * 86_400),
        partition,
      }))
    await broker.put(topic, [...days(1, 30), ...days(0, 0)])
    const args = ['--windows', '1m', '--max-ahead', 'off']
    const { lines } = await broker.count(topic, ...args)
    expect(lines.map(({ events }) => events)).toEqual(Array.from({ length: 30 }, () => 4))
    const worker = await broker.worker(topic, ...args, ...soon)
    await worker.until((seen) => seen.lines.length >= 30)
    expect(latest(worker.lines)).toEqual(latest(lines))
    await worker.stop()
  })

  test('stopped by a signal ends with 0, open windows unfinished and not printed', async () => {
    const topic = await broker.topic()
    await broker.put(topic, minutes(0, 2))
    const worker = await broker.worker(topic)
    await worker.until(({ lines }) => lines.length >= 1)
    const { code, stdout, stderr } = await worker.stop('SIGINT')
    expect([code, stdout.split('\n').length, stderr]).toEqual([0, 2, expect.stringContaining('unfinished 1')])
  })

  test('gives early results by the clock while it is silent', async () => {
    const topic = await broker.topic()
    await broker.put(topic, minutes(0, 1))
    const worker = await broker.worker(topic, '--early', '200ms', '--idle-timeout', 'off')
    await worker.until(({ lines }) => lines.length >= 1)
    expect(worker.lines[0]).toMatchObject({ start: at(0), pane: 'early', revision: 0 })
    await worker.stop()
  })

  test('printed to a reader that has seen enough ends with 0', async () => {
    const topic = await broker.topic()
    await broker.put(topic, minutes(0, 2))
    const worker = await broker.worker(topic)
    await worker.until(({ lines }) => lines.length >= 1)
    worker.closeStdout()
    await broker.put(topic, minutes(2, 5))
    expect((await worker.ended).code).toBe(0)
  })

  test('from a time on is read from its first record since then', async () => {
    const topic = await broker.topic()
    const records = minutes(0, 3).map((record, i) => ({ ...record, timestamp: (noon + 2 * i) * 1000 }))
    await broker.put(topic, records)
    const { lines } = await broker.count(topic, '--from', at(1))
    expect(latest(lines)).toEqual([row(1, 10, 30), row(2, 10, 30)])
  })

  test('read from its end on, beside another, is counted from what comes then', async () => {
    const topics = await Promise.all([broker.topic(2), broker.topic()])
    for (const topic of topics) await broker.put(topic, minutes(0, 1))
    const worker = await broker.worker(topics.join(','), '--from', 'latest', ...soon)
    await worker.until(({ stderr }) => stderr.includes('"msg":"reading"'))
    await broker.put(topics[0]!, minutes(1, 2))
    await broker.put(topics[1]!, [...minutes(1, 2), frame('only-here', noon + 119)])
    await worker.until(({ lines }) => latest(lines).includes(row(1, 11, 61)))
    expect(latest(worker.lines)).toEqual([row(1, 11, 61)])
    await worker.stop()
  })

  test('of transactions, with empty partitions, ends where its last marker is; what was aborted does not count', async () => {
    const topic = await broker.topic(4)
    const kafka = broker.client.kafka()
    const producer = kafka.producer({ transactionalId: topic, maxInFlightRequests: 1 })
    await producer.connect()
    for (const [user, end] of [['', 'commit'] as const, ['aborted-', 'abort'] as const]) {
      const transaction = await producer.transaction()
      const messages = minutes(0, 2).map(({ value }, i) => ({
        value: String(value).replace('user-', `${user}user-`),
        partition: i % 2,
      }))
      await transaction.send({ topic, messages })
      await transaction[end]()
    }
    await producer.disconnect()
    // The end of a transaction is answered before its markers are written.
    const ends = async () => (await topicOffsets(broker.client, topic)).map(({ high }) => high)
    await expect.poll(ends).toEqual([62, 62, 0, 0])
    const { lines, summary } = await broker.count(topic)
    expect(latest(lines)).toEqual([row(0, 10, 30), row(1, 10, 30)])
    expect(summary).toMatchObject({ lines: 60, counted: 60 })
  })

  test('whose outputs are there and not compacted writes to them, and warns of each', async () => {
    const topic = await broker.topic()
    const [results, rejects, late] = (await Promise.all([1, 2, 3].map(() => broker.topic()))) as [
      string,
      string,
      string,
    ]
    await broker.put(topic, [...minutes(0, 3), { value: 'x' }, frame('late', noon + 30), ...minutes(3, 4)])
    const flags = ['--out-topic', results, '--rejects-topic', rejects, '--late-topic', late]
    const { run } = await broker.count(topic, ...flags)
    for (const output of [results, rejects, late]) {
      expect(run.stderr).toContain(`${output} is not compacted (cleanup.policy=delete)`)
    }
    const sizes = await Promise.all([results, rejects, late].map((output) => broker.read(output)))
    expect(sizes.map(({ length }) => length)).toEqual([4, 1, 1])
    // What the worker makes itself is as it should be: a second run has nothing to warn of.
    const own = flags.map((flag) => (flag.startsWith('--') ? flag : `${flag}-own`))
    await broker.count(topic, ...own)
    expect((await broker.count(topic, ...own)).run.stderr).not.toContain('not compacted')
  })

  test('with late users changes no published window, and hands them to the late topic', async () => {
    const topic = await broker.topic()
    await broker.put(topic, [...minutes(0, 3), frame('late', noon + 30), ...minutes(3, 4)])
    const { lines, summary } = await broker.count(topic, '--late-topic', `${topic}-late`)
    expect(latest(lines)).toEqual([0, 1, 2, 3].map((minute) => row(minute, 10, 30)))
    expect(lines).toHaveLength(4)
    expect(summary.late).toEqual({ topic: 1 })
    const late = await broker.read(`${topic}-late`)
    expect(late.map(({ value }) => JSON.parse(value))).toEqual([
      { action: 'topic', source: `${topic}/0`, offset: 90, line: `{"uid":"late","ts":${noon + 30}}` },
    ])
  })

  test('with a frame a year ahead closes nothing by it', async () => {
    const topic = await broker.topic()
    const year = frame('ahead', noon + 365 * 86_400)
    await broker.put(topic, [...minutes(0, 1), year, ...minutes(1, 2)])
    const { lines, summary, run } = await broker.count(topic)
    expect(latest(lines)).toEqual([row(0, 10, 30), row(1, 10, 30)])
    expect(summary.late).toEqual({ ahead: 1 })
    expect(run.stderr).toContain('--max-ahead off')
  })

  test('with malformed records rejects each with its reason; one without a value is blank', async () => {
    const topic = await broker.topic()
    const bad: [string | null | Uint8Array, string][] = [
      ['{"uid":"x"', 'not-json'],
      ['[1]', 'not-object'],
      ['{"uid":"x"}', 'missing-time'],
      ['{"uid":"x","ts":"now"}', 'bad-time'],
      ['{"ts":1468238400}', 'missing-key'],
      ['{"uid":1.5,"ts":1468238400}', 'bad-key'],
      [new Uint8Array([0x7b, 0xff, 0xfe]), 'not-json'],
      [`{"uid":"${'x'.repeat(2000)}","ts":1468238400}`, 'too-long'],
    ]
    const records: SinkRecord[] = [...bad.map(([value]) => ({ value })), { value: null }, { value: ' \n' }]
    await broker.put(topic, [...minutes(0, 1), ...records, ...minutes(1, 2)])
    const rejects = `${topic}-rejects`
    const { lines, summary } = await broker.count(topic, '--rejects-topic', rejects, '--max-line', '1KiB')
    expect(latest(lines)).toEqual([row(0, 10, 30), row(1, 10, 30)])
    expect(summary).toMatchObject({
      lines: 70,
      blank: 2,
      counted: 60,
      rejected: { 'not-json': 2, 'too-long': 1, 'bad-key': 1 },
    })
    const written = (await broker.read(rejects)).map(({ value }) => JSON.parse(value))
    expect(written.map(({ reason, offset }) => [reason, offset]).sort((a, b) => a[1] - b[1])).toEqual(
      bad.map(([, reason], i) => [reason, 30 + i]),
    )
    expect(written.find(({ offset }) => offset === 36).lineBase64).toBe('e//+')
  })

  test('with a line of any length hands it to the rejects topic, cut', async () => {
    const topic = await broker.topic(1, { 'max.message.bytes': '3000000' })
    await broker.put(topic, [{ value: `\u0001${'\u0001'.repeat(1_500_000)}` }, frame('a', noon)])
    const rejects = `${topic}-rejects`
    const { summary } = await broker.count(topic, '--rejects-topic', rejects)
    expect(summary.rejected).toEqual({ 'too-long': 1 })
    expect(await broker.read(rejects)).toHaveLength(1)
  })

  test('and others that match a pattern are counted together, each with partitions of its own', async () => {
    const prefix = `p-${randomUUID()}`
    const names = [`${prefix}-a`, `${prefix}-b`]
    for (const name of names) await broker.topic(2, {}, name)
    await broker.put(names[0]!, minutes(0, 2, 0))
    await broker.put(names[1]!, [...minutes(0, 2, 1), { ...frame('only-b', noon + 61), partition: 1 }])
    const { lines, summary } = await broker.count(`/^${prefix}-/`)
    expect(latest(lines)).toEqual([row(0, 10, 60), row(1, 11, 61)])
    expect(summary.counted).toBe(121)
  })
})
