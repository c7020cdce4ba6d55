import { once } from 'node:events'
import { expect, test } from 'vitest'
import { collect, run, start } from '../program.js'
import { describeKafka, frame, latest, type TestBroker, type Worker } from './support.js'

const noon = Date.parse('2016-07-11T12:00:00Z') / 1000
const soon = ['--idle-timeout', '500ms']

/** Ten users in each minute, a frame every two seconds, from one minute to below another. */
function minutes(from: number, to: number, partition = 0) {
  return Array.from({ length: (to - from) * 30 }, (_, i) => ({
    ...frame(`user-${i % 10}`, noon + from * 60 + 2 * i),
    partition,
  }))
}

const row = (minute: number, count: number, events: number) =>
  JSON.stringify(['1m', new Date((noon + 60 * minute) * 1000).toISOString(), null, count, events])

async function makeAnew(broker: TestBroker, topic: string, partitions: number) {
  await broker.client.admin((admin) => admin.deleteTopics({ topics: [topic] }))
  await expect
    .poll(() => broker.client.admin(async (admin) => (await admin.listTopics()).includes(topic)))
    .toBe(false)
  await broker.topic(partitions, {}, topic)
}

describeKafka('a topic', (broker) => {
  test('behind an open transaction is not idle: its frames are not late when the transaction ends', async () => {
    const topic = await broker.topic(2)
    await broker.put(topic, [...minutes(0, 1, 0), ...minutes(0, 1, 1)])
    const producer = broker.client.kafka().producer({ transactionalId: topic, maxInFlightRequests: 1 })
    await producer.connect()
    const transaction = await producer.transaction()
    const messages = minutes(1, 2, 0).map(({ value }) => ({ value: String(value), partition: 0 }))
    await transaction.send({ topic, messages })
    const worker = await broker.worker(topic, ...soon)
    // The other partition alone would end the minutes of the first.
    await broker.put(topic, minutes(1, 4, 1))
    await worker.until(({ stderr }) => stderr.includes('waiting for the end of an open transaction'))
    await transaction.commit()
    await producer.disconnect()
    await worker.until(({ lines }) => latest(lines).includes(row(1, 10, 60)))
    await worker.until(({ lines }) => lines.length >= 4)
    expect(latest(worker.lines)).toEqual([row(0, 10, 60), row(1, 10, 60), row(2, 10, 30), row(3, 10, 30)])
    expect((await worker.stop()).stderr).toContain('counted 180, rejected 0, late 0')
  })

  test('made anew is read from its beginning, and that is said; partitions it no longer has count as ended', async () => {
    const topic = await broker.topic(3)
    await broker.put(
      topic,
      [0, 1, 2].flatMap((partition) => minutes(0, 1, partition)),
    )
    const worker = await broker.worker(topic, '--idle-timeout', 'off', '--http', '127.0.0.1:0')
    const url = await worker.url()
    const counted = async () =>
      Number(/outcome="counted"} (\d+)/.exec(await (await fetch(`${url}/metrics`)).text())?.[1])
    await worker.until(async () => (await counted()) === 90)
    await makeAnew(broker, topic, 1)
    await broker.put(topic, minutes(1, 4))
    // Nothing holds the windows back but the partition that is left.
    await worker.until(({ lines }) => lines.length >= 3)
    expect(latest(worker.lines)).toEqual([row(0, 10, 90), row(1, 10, 30), row(2, 10, 30)])
    const { code, stderr } = await worker.stop()
    expect([code, stderr]).toEqual([0, expect.stringContaining('counted 180, rejected 0, late 0')])
    expect(stderr).toContain('the topic was deleted and recreated: the new one is read from its beginning')
    expect(stderr.split('the partition is gone with its topic')).toHaveLength(3)
  })

  test('made anew while it is read to its end is an error that says so, exit 1, with the sums so far', async () => {
    const topic = await broker.topic()
    // More frames than are fetched ahead, and more results than a pipe takes.
    const text = 'x'.repeat(5000)
    const frames = Array.from({ length: 2000 }, (_, i) => ({
      value: JSON.stringify({ uid: `user-${i}`, ts: noon + i, text }),
    }))
    await broker.put(topic, frames)
    const words = ['--topic', topic, '--until', 'end', '--windows', '1s']
    const worker = await start(['--brokers', broker.brokers.join(','), ...words])
    const ended = collect(worker)
    // The first results are there; the worker does not go on until more of them are read.
    await once(worker.stdout!, 'data')
    worker.stdout!.pause()
    await makeAnew(broker, topic, 1)
    worker.stdout!.resume()
    const { code, stderr } = await ended
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('was deleted and recreated while it was read'),
    ])
    expect(stderr).toMatch(/"counted":\d+,/)
  })

  test('is read by the second of two addresses when the first does not answer', async () => {
    const topic = await broker.topic()
    await broker.put(topic, minutes(0, 1))
    const began = performance.now()
    const words = ['--topic', topic, '--until', 'end', '--out-topic', `${topic}-out`, '--print']
    const { code, stdout } = await run(['--brokers', `127.0.0.1:1,${broker.brokers[0]}`, ...words])
    expect([code, stdout.split('\n').length]).toEqual([0, 2])
    expect(performance.now() - began).toBeLessThan(20_000)
  })

  test('that does not take the largest possible result is refused at the start, before anything is read', async () => {
    const topic = await broker.topic()
    await broker.put(topic, [{ ...frame('a', noon) }])
    const sketches = ['--sketches', '--precision', '20', '--estimator', 'hll']
    const small = await broker.topic(1, { 'max.message.bytes': '8000' })
    const words = (out: string, ...more: string[]) => [
      ...['--brokers', broker.brokers.join(','), '--topic', topic, '--until', 'end', '--out-topic', out],
      ...more,
    ]
    const plain = await broker.topic()
    for (const [args, says] of [
      [
        words(plain, ...sketches),
        /--sketches of precision 20 may take \d+ bytes, and \S+ takes 1048588: raise/,
      ],
      [
        words(small, '--group-by', 'uid'),
        /groups of up to 1024 bytes may take \d+ bytes, and \S+ takes 8000/,
      ],
      [
        words(plain, '--rejects-topic', await broker.topic(1, { 'max.message.bytes': '1500' })),
        /refused line/,
      ],
    ] as const) {
      for (const command of [[], ['config', '--check']]) {
        const { code, stdout, stderr } = await run([...command, ...args])
        expect([code, stdout, stderr]).toEqual([78, '', expect.stringMatching(says)])
      }
    }
    // As large as they get, they fit.
    const group = '\u0001'.repeat(1024)
    await broker.put(topic, [{ value: JSON.stringify({ uid: 'b', ts: noon, group }) }])
    const fitting = await broker.topic(1, { 'max.message.bytes': '20000' })
    expect((await run(words(fitting, '--group-by', 'group'))).code).toBe(0)
    const wide = await broker.topic(1, { 'max.message.bytes': '1500000' })
    expect((await run(words(wide, ...sketches))).code).toBe(0)
  })

  test('of results that holds some already is said to at the start, with --early whatever the log says', async () => {
    const topic = await broker.topic()
    await broker.put(topic, minutes(0, 1))
    const out = `${topic}-out`
    const says = `${out} holds results of an earlier run`
    expect((await broker.count(topic, '--out-topic', out)).run.stderr).not.toContain(says)
    expect((await broker.count(topic, '--out-topic', out)).run.stderr).toContain(says)
    const silent = ['--out-topic', out, '--log-level', 'silent']
    expect((await broker.count(topic, ...silent)).run.stderr).not.toContain(says)
    expect((await broker.count(topic, ...silent, '--early', '1h')).run.stderr).toContain(says)
  })

  test('whose group has a member is not read without state: each would publish its part of a window as all of it', async () => {
    const topic = await broker.topic()
    await broker.put(topic, minutes(0, 1))
    const words = ['--group', `g-${topic}`]
    const holder: Worker = await broker.worker(topic, ...words)
    await holder.until(({ stderr }) => stderr.includes('"msg":"reading"'))
    const more = ['--checkpoint-interval', 'off', '--until', 'end']
    const { code, stdout, stderr } = await (await broker.worker(topic, ...words, ...more)).ended
    expect([code, stdout, stderr]).toEqual([78, '', expect.stringContaining('has 1 member')])
    await holder.stop()
  })
})
