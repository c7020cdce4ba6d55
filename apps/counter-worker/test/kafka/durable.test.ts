import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { describe, expect, test } from 'vitest'
import { run } from '../program.js'
import {
  describeKafka,
  expected,
  generate,
  type Line,
  latest,
  linesOf,
  type TestBroker,
  type Worker,
} from './support.js'

const folder = temporaryFolder('durable')

/** The results of a topic, as a reader of committed records sees them: no window goes back to an older revision. */
async function published(broker: TestBroker, topic: string): Promise<Line[]> {
  const newest = new Map<string, number>()
  const lines = (await broker.read(topic)).map(({ value }) => JSON.parse(value) as Line)
  for (const { window, start, group, revision } of lines) {
    const key = JSON.stringify([window, start, group])
    expect(revision, key).toBe((newest.get(key) ?? -1) + 1)
    newest.set(key, revision)
  }
  return lines
}

const windows = ['--windows', '1m,5m']
/** The truth is of the same. */
const sizes = ['--truth-windows', '1m,5m']

describeKafka('a worker with durable state', (broker) => {
  const state = (name: string) => [
    '--state',
    name,
    '--checkpoint-interval',
    '500ms',
    '--session-timeout',
    '6s',
  ]

  describe('that reads to the end', () => {
    test('comes to the truth, goes on where it was, and publishes nothing twice', async () => {
      const topic = await broker.topic(3)
      const { records, truth } = await generate(
        '--frames',
        '20000',
        '--rate',
        '200',
        '--users',
        '900',
        ...sizes,
      )
      const half = records.length / 2
      await broker.put(topic, records.slice(0, half))
      const name = `s-${randomUUID()}`
      const words = ['--brokers', broker.brokers.join(','), '--topic', topic, '--until', 'end', ...windows]
      const first = await run([...words, ...state(name)])
      expect([first.code, first.stderr]).toEqual([
        0,
        expect.stringContaining(`counted ${half.toLocaleString('en')}`),
      ])
      // Nothing has come since: there is nothing to publish, and the sums are those since the beginning.
      const again = await run([...words, ...state(name)])
      expect([again.code, again.stdout]).toEqual([0, ''])
      expect(again.stderr).toContain(`counted ${half.toLocaleString('en')}`)
      await broker.put(topic, records.slice(half))
      const rest = await run([...words, ...state(name)])
      expect([rest.code, rest.stderr]).toEqual([0, expect.stringContaining('counted 20,000')])
      expect(latest(linesOf(first.stdout + rest.stdout))).toEqual(expected(truth))
    })

    test('refuses a state that was counted by other settings, and says which', async () => {
      const topic = await broker.topic(1)
      await broker.put(topic, [{ value: '{"uid":"a","ts":1468244384}' }])
      const name = `s-${randomUUID()}`
      const words = [
        '--brokers',
        broker.brokers.join(','),
        '--topic',
        topic,
        '--until',
        'end',
        ...state(name),
      ]
      expect((await run(words)).code).toBe(0)
      const { code, stderr } = await run([...words, '--key', 'id'])
      expect([code, stderr]).toEqual([78, expect.stringContaining('key was')])
      expect((await run([...words, '--windows', '1m,1h'])).code).toBe(78)
      // Two deployments of one name would fence each other for ever.
      const other = await run([...words, '--group', 'another'])
      expect([other.code, other.stderr]).toEqual([78, expect.stringContaining('another')])
    })

    test('does not go on from a topic that was made anew', async () => {
      const topic = await broker.topic(1)
      await broker.put(topic, [{ value: '{"uid":"a","ts":1468244384}' }])
      const name = `s-${randomUUID()}`
      const words = [
        '--brokers',
        broker.brokers.join(','),
        '--topic',
        topic,
        '--until',
        'end',
        ...state(name),
      ]
      expect((await run(words)).code).toBe(0)
      await broker.client.admin((admin) => admin.deleteTopics({ topics: [topic] }))
      await expect
        .poll(() => broker.client.admin(async (admin) => (await admin.listTopics()).includes(topic)))
        .toBe(false)
      await broker.topic(1, {}, topic)
      const { code, stderr } = await run(words)
      expect([code, stderr]).toEqual([78, expect.stringContaining('deleted and recreated')])
    })

    test('advises on the lines of this run alone, whatever was rejected before it', async () => {
      const topic = await broker.topic(1)
      const frames = (from: number) =>
        Array.from({ length: 50 }, (_, i) => ({
          value: `{"uid":"a","ts":1468244384,"group":"g${from + i}"}`,
        }))
      await broker.put(topic, frames(0))
      const groups = ['--group-by', 'group', '--max-groups', '3', '--group-overflow', 'reject']
      const name = `s-${randomUUID()}`
      const words = [
        '--brokers',
        broker.brokers.join(','),
        '--topic',
        topic,
        '--until',
        'end',
        ...state(name),
      ]
      expect((await run([...words, ...groups])).code).toBe(0)
      await broker.put(topic, frames(0).slice(0, 2))
      const { code, stderr } = await run([...words, ...groups])
      expect([code, stderr]).toEqual([0, expect.stringContaining('too-many-groups 47')])
    })

    test('writes refused lines within its steps, and its sums since the beginning into the summary', async () => {
      const topic = await broker.topic(1)
      await broker.put(topic, [{ value: 'no json' }, { value: '{"uid":"a","ts":1468244384}' }, { value: '' }])
      const name = `s-${randomUUID()}`
      const summary = join(folder, name)
      const words = [
        '--brokers',
        broker.brokers.join(','),
        '--topic',
        topic,
        '--until',
        'end',
        ...state(name),
      ]
      const more = ['--rejects-topic', `${topic}-rejects`, '--summary', summary]
      for (let i = 0; i < 2; i++) {
        const { code, stderr } = await run([...words, ...more])
        expect([code, stderr]).toEqual([0, expect.stringContaining('counted 1')])
        expect(JSON.parse(readFileSync(summary, 'utf8'))).toMatchObject({
          lines: 3,
          blank: 1,
          counted: 1,
          rejected: { 'not-json': 1 },
          windows: 1,
        })
      }
      const rejects = await broker.read(`${topic}-rejects`)
      expect(rejects.map(({ value }) => JSON.parse(value))).toMatchObject([{ reason: 'not-json', offset: 0 }])
    })
  })

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'that gets %s in the middle is gone on with by others: every window has its one right number',
    async (signal) => {
      const topic = await broker.topic(4)
      const out = await broker.topic(2)
      const name = `s-${randomUUID()}`
      const { records, truth } = await generate(
        '--frames',
        '40000',
        '--rate',
        '200',
        '--users',
        '900',
        ...sizes,
      )
      const words = ['--out-topic', out, '--idle-timeout', '1500ms', ...windows, ...state(name)]
      const start = () => broker.worker(topic, ...words)
      const workers: Worker[] = [await start(), await start()]
      const part = Math.ceil(records.length / 6)
      for (let at = 0; at < records.length; at += part) {
        await broker.put(topic, records.slice(at, at + part))
        const dead = workers.shift()!
        const { code } = await dead.stop(signal)
        expect(code).toBe(signal === 'SIGTERM' ? 0 : null)
        workers.push(await start())
      }
      await expect
        .poll(async () => latest(await published(broker, out)), { timeout: 90_000, interval: 2000 })
        .toEqual(expected(truth))
      for (const worker of workers) expect((await worker.stop()).code).toBe(0)
      expect(latest(await published(broker, out))).toEqual(expected(truth))
    },
    180_000,
  )
})
