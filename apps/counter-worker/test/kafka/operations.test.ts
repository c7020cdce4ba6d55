import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { describe, expect, test } from 'vitest'
import { run } from '../program.js'
import {
  describeLocalKafka,
  expected,
  frame,
  generate,
  hasKafkaTools,
  latest,
  linesOf,
  TestBroker,
  Worker,
} from './support.js'

const folder = temporaryFolder('operations')
const noon = Date.parse('2016-07-11T12:00:00Z') / 1000

/** Ended with this code and one line on stderr, which is no stack trace. */
function expectClearEnd({ code, stderr }: { code: number | null; stderr: string }, as: number, says: RegExp) {
  expect([code, stderr]).toEqual([as, expect.stringMatching(says)])
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(stderr).not.toMatch(/\n\s+at /)
}

// Begun before all else: the worker waits for half a minute, which the other tests need anyway.
const nobody = ['--brokers', '127.0.0.1:1', '--topic', 'likes']
const nothingRead = join(folder, 'nothing-read.json')
const givenUp = Promise.all([
  run([...nobody, '--summary', nothingRead]),
  run(['config', '--check', ...nobody]),
])
// Of a broker of its own, for the same reason.
const abandoned = hasKafkaTools ? outliveBroker() : null
abandoned?.catch(() => {})

/** Kills a broker for good under two workers, alone and in a group; restarts it when they have ended. */
async function outliveBroker() {
  const broker = new TestBroker()
  await broker.start({})
  const topic = await broker.topic(2)
  const records = Array.from({ length: 180 }, (_, i) => frame(`user-${i % 7}`, noon + i))
  await broker.put(topic, records)
  const words = ['--idle-timeout', '1s', '--print', '--log-level', 'error']
  const runs = await Promise.all(
    [[], ['--group', 'left-alone', '--checkpoint-interval', 'off']].map(async (group, i) => {
      const out = `${topic}-${i}-{window}`
      const summary = join(folder, `abandoned-${i}.json`)
      const outputs = ['--out-topic', out, '--late-topic', `${topic}-late`, '--summary', summary]
      const worker = await broker.worker(topic, ...words, ...outputs, ...group)
      await worker.until(({ lines }) => lines.length >= 3)
      // What is printed may still be on its way to the topic.
      const written = out.replace('{window}', '1m')
      await worker.until(async () => (await broker.read(written)).length >= 3)
      return { worker, written, summary }
    }),
  )
  await broker.kafka!.kill(1)
  const killed = performance.now()
  const ends = await Promise.all(
    runs.map(async ({ worker, written, summary }) => {
      const end = await worker.ended
      const seconds = (performance.now() - killed) / 1000
      return { end, seconds, written, summary: JSON.parse(readFileSync(summary, 'utf8')) }
    }),
  )
  await broker.kafka!.restart(1)
  const all = await Promise.all(
    ends.map(async (each) => ({ ...each, written: await broker.read(each.written) })),
  )
  await broker.kafka!.stop()
  return all
}

describeLocalKafka('a worker on a broker', { sasl: true, tls: true }, (broker) => {
  test('ends with 78 for a topic that does not exist', async () => {
    const words = ['--brokers', broker.brokers.join(','), '--topic', 'nowhere']
    expectClearEnd(await run(words), 78, /Expected the topic nowhere, found no topic/)
    expectClearEnd(
      await run(['config', '--check', ...words]),
      78,
      /Expected the topic nowhere, found no topic/,
    )
  })

  test('logs in with secrets from the environment or a file, never prints them, and is refused with 78', async () => {
    const topic = await broker.topic()
    const { brokers, login } = broker.kafka!.sasl!
    const words = ['--brokers', brokers.join(','), '--topic', topic, '--out-topic', `${topic}-{window}`]
    const secret = (password: string) => ({
      CARD_KAFKA_SASL_MECHANISM: 'scram-sha-256',
      CARD_KAFKA_SASL_USERNAME: login.username,
      CARD_KAFKA_SASL_PASSWORD: password,
    })
    const checked = await run(['config', '--check', ...words], '', { env: secret(login.password) })
    expect([checked.code, checked.stdout]).toEqual([0, expect.stringContaining('"password":"***"')])
    expect(checked.stdout + checked.stderr).not.toContain(login.password)
    const refused = await run(words, '', { env: secret('wrong-secret') })
    expectClearEnd(refused, 78, /refused the login/)
    const talkative = await run([...words, '--log-level', 'debug'], '', { env: secret('wrong-secret') })
    expect(talkative.stderr).toContain('"level":"debug"')
    for (const { stderr } of [refused, talkative]) expect(stderr).not.toContain('wrong-secret')
    const file = join(folder, 'kafka.json')
    writeFileSync(file, JSON.stringify({ sasl: { mechanism: 'plain', ...login } }))
    expect((await run([...words, '--until', 'end', '--kafka-config', file])).code).toBe(0)
    expectClearEnd(await run([...words, '--kafka-config', join(folder, 'none.json')]), 78, /cannot be read/)
    // Checking makes no topic, running does.
    expect(await broker.read(`${topic}-1m`)).toEqual([])
  })

  test('reads through TLS, with a certificate of its own where that is asked for; what it cannot trust ends it with 78', async () => {
    const topic = await broker.topic()
    await broker.put(topic, [frame('a', noon)])
    const { brokers, mutualBrokers, expiredBrokers, certificates } = broker.kafka!.tls!
    const {
      ca,
      clientCertificate: certificate,
      clientKey: key,
      expiredCertificate,
      expiredKey,
    } = certificates
    const over = (to: readonly string[], tls: object) => {
      const file = join(folder, `${Math.random()}.json`)
      writeFileSync(file, JSON.stringify({ tls }))
      const words = ['--brokers', to.join(','), '--topic', topic, '--until', 'end', '--kafka-config', file]
      return run([...words, '--log-level', 'debug'])
    }
    const secrets = readFileSync(key, 'utf8').split('\n').slice(1, 3)
    for (const [to, tls] of [
      [brokers, { ca }],
      [mutualBrokers, { ca, certificate, key }],
    ] as const) {
      const { code, stdout, stderr } = await over(to, tls)
      expect([code, stdout]).toEqual([0, expect.stringContaining('"count":1')])
      for (const secret of secrets) expect(stderr).not.toContain(secret)
    }
    const refused = async (to: readonly string[], tls: object, says: RegExp) => {
      const { code, stderr } = await over(to, tls)
      const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{"level":"debug"'))
      expectClearEnd({ code, stderr: lines.join('\n') }, 78, says)
    }
    await refused(expiredBrokers, { ca }, /certificate has expired/)
    await refused(brokers, {}, /the authority \(tls\.ca\)/)
    await refused(mutualBrokers, { ca }, /client certificate/)
    await refused(
      mutualBrokers,
      { ca, certificate: expiredCertificate, key: expiredKey },
      /client certificate/,
    )
  })

  test('serves its health and its figures', async () => {
    const topic = await broker.topic(2)
    const records = Array.from({ length: 60 }, (_, i) => frame(`user-${i % 7}`, noon + i))
    await broker.put(
      topic,
      [...records, { value: 'x' }, { value: null }].map((record) => ({ ...record, partition: 0 })),
    )
    const worker = await broker.worker(topic, '--http', '127.0.0.1:0', '--idle-timeout', 'off')
    const url = await worker.url()
    const metrics = async () => (await fetch(`${url}/metrics`)).text()
    await worker.until(async () => (await metrics()).includes('card_frames_total{outcome="counted"} 60\n'))
    const text = await metrics()
    for (const line of [
      'card_frames_total{outcome="blank"} 1',
      'card_rejected_total{reason="not-json"} 1',
      'card_windows_open{window="1m"} 1',
      `card_consumer_lag_records{topic="${topic}",partition="0"} 0`,
      `card_watermark_timestamp_seconds{topic="${topic}",partition="0"} ${noon + 59 - 5 - 0.001}`,
      'card_assigned_partitions 2',
    ]) {
      expect(text.split('\n')).toContain(line)
    }
    for (const [path, answer] of [
      ['livez', { status: 'alive' }],
      ['readyz', { status: 'ready' }],
      ['version', { name: 'counter-worker' }],
    ] as const) {
      const response = await fetch(`${url}/${path}`)
      expect([response.status, await response.json()]).toEqual([200, expect.objectContaining(answer)])
    }
    expect((await worker.stop()).code).toBe(0)
  })

  test.skipIf(!existsSync('/proc/self/stat'))(
    'without input uses less than a hundredth of a core, alone, in a group and with state',
    async () => {
      const topic = await broker.topic(4)
      await broker.put(topic, [frame('a', noon)])
      const workers = await Promise.all(
        [[], ['--group', 'idle', '--checkpoint-interval', 'off'], ['--state', 'idle-state']].map((words) =>
          broker.worker(topic, '--idle-timeout', '1s', ...words),
        ),
      )
      for (const worker of workers) await worker.until(({ lines }) => lines.length === 1)
      // Of five seconds; the kernel counts in hundredths of a second. JIT threads may still be at work in the first.
      let least = workers.map(() => Number.POSITIVE_INFINITY)
      for (let look = 0; look < 3 && Math.max(...least) >= 5; look++) {
        const before = workers.map(({ pid }) => cpuTicks(pid))
        await pause(5000)
        least = workers.map(({ pid }, i) => Math.min(least[i]!, cpuTicks(pid) - before[i]!))
      }
      for (const ticks of least) expect(ticks).toBeLessThan(5)
      await Promise.all(workers.map((worker) => worker.stop()))
    },
  )

  test('reads partitions that are added while it runs, whole', async () => {
    const stream = ['--frames', '6000', '--rate', '50', '--line-length', '200', '--users', '500']
    const { records, truth } = await generate(...stream, '--truth-windows', '1m')
    const topic = await broker.topic(4)
    const worker = await broker.worker(topic, '--lateness', '2m', '--idle-timeout', '2s')
    await broker.put(topic, records.slice(0, 3000))
    await worker.until(({ lines }) => lines.length > 0)
    await broker.client.admin((admin) => admin.createPartitions({ topicPartitions: [{ topic, count: 6 }] }))
    await broker.untilLed(topic, 6)
    await broker.put(topic, records.slice(3000))
    await worker.until(({ lines }) => String(latest(lines)) === String(expected(truth)))
    const { code, stderr } = await worker.stop()
    expect([code, stderr]).toEqual([0, expect.stringContaining('counted 6,000, rejected 0, late 0')])
  })

  test('shares a group with another worker, and each window comes out once, from one of them', async () => {
    const stream = ['--frames', '6000', '--rate', '50', '--line-length', '200', '--users', '500']
    const { records, truth } = await generate(...stream, '--truth-windows', '1m')
    const topic = await broker.topic(4)
    const words = ['--group', `pair-${topic}`, '--idle-timeout', '2s']
    const first = await broker.worker(topic, ...words)
    await broker.put(topic, records.slice(0, 3000))
    await first.until(({ lines }) => lines.length > 0)
    const second = await broker.worker(topic, ...words)
    await second.until(({ stderr }) => stderr.includes('"msg":"reading"'))
    await first.until(({ stderr }) => stderr.includes('"msg":"revoked"'))
    await broker.put(topic, records.slice(3000, 4500))
    await second.stop()
    await broker.put(topic, records.slice(4500))
    const both = () => latest([...first.lines, ...second.lines])
    await first.until(() => String(both()) === String(expected(truth)))
    expect((await first.stop()).stderr).toContain('counted 6,000, rejected 0, late 0')
  })

  test('counts sends that fail, and ends with 78, its sums written, when its output topic is deleted', async () => {
    const [topic, out] = [await broker.topic(), await broker.topic()]
    await broker.put(topic, minute(0))
    const summary = join(folder, 'deleted.json')
    const worker = await broker.worker(
      topic,
      ...['--out-topic', out, '--print', '--http', '127.0.0.1:0', '--summary', summary],
      ...['--idle-timeout', 'off', '--log-level', 'info'],
    )
    const url = await worker.url()
    const failed = async () =>
      Number(/^card_produce_errors_total (\d+)$/m.exec(await (await fetch(`${url}/metrics`)).text())![1])
    await broker.put(topic, minute(1))
    await worker.until(({ lines }) => lines.length === 1)
    expect(await failed()).toBe(0)
    await broker.client.admin((admin) => admin.deleteTopics({ topics: [out] }))
    await broker.put(topic, minute(2))
    await worker.until(async () => (await failed()) > 0)
    const { code, stderr } = await worker.ended
    const lines = stderr.trimEnd().split('\n')
    expect([code, lines.at(-1)]).toEqual([
      78,
      expect.stringContaining(`Expected the topic ${out}, found no topic`),
    ])
    // The minute whose result was not delivered, and the one that was still open.
    expect(JSON.parse(readFileSync(summary, 'utf8'))).toMatchObject({ lines: 90, counted: 90, unfinished: 2 })
  })

  test.each([
    ['alone', []],
    ['in a group', ['--group', 'survivors', '--checkpoint-interval', 'off']],
  ])(
    'survives kill -9 of the broker, %s, counts within 5 s what is written after its return, and loses nothing',
    async (_name, words) => {
      const stream = ['--frames', '12000', '--rate', '50', '--line-length', '200', '--users', '500']
      const { records, truth } = await generate(...stream, '--truth-windows', '1m')
      const topic = await broker.topic(4)
      const out = `${topic}-{window}`
      const worker = await broker.worker(
        topic,
        ...words,
        '--idle-timeout',
        '3s',
        '--out-topic',
        out,
        '--print',
        '--http',
        '127.0.0.1:0',
      )
      const url = await worker.url()
      const readiness = async () => (await fetch(`${url}/readyz`)).status
      const counted = async () =>
        Number(/outcome="counted"} (\d+)/.exec(await (await fetch(`${url}/metrics`)).text())?.[1])
      await broker.put(topic, records.slice(0, 4000))
      await worker.until(({ lines }) => lines.length > 0)
      await broker.put(topic, records.slice(4000, 8000))
      await worker.until(async () => (await counted()) > 7000)
      expect(await readiness()).toBe(200)
      await broker.kafka!.kill(1)
      await worker.until(async () => (await readiness()) === 503)
      await broker.kafka!.restart(1)
      // What is sent twice would be counted twice: not before each partition has its leader again.
      await broker.untilLed(topic, 4)
      await broker.put(topic, records.slice(8000))
      const put = performance.now()
      await worker.until(async () => (await counted()) === 12_000)
      expect(performance.now() - put).toBeLessThan(5000)
      expect(await readiness()).toBe(200)
      await worker.until(({ lines }) => String(latest(lines)) === String(expected(truth)))
      const { code, stderr } = await worker.stop()
      expect([code, stderr]).toEqual([0, expect.stringContaining('counted 12,000, rejected 0, late 0')])
      const written = await broker.read(`${topic}-1m`)
      expect(latest(written.map(({ value }) => JSON.parse(value)))).toEqual(expected(truth))
    },
  )
})

describe.skipIf(abandoned === null)('a broker that is gone for good', () => {
  test('ends the worker with 1 and one line after 30 s; its sums are written, and what was published stands', async () => {
    const all = await abandoned!
    for (const { end, seconds, summary, written } of all) {
      expectClearEnd(end, 1, /"level":"error".*"msg":"No broker answers at /)
      expect(seconds).toBeGreaterThan(25)
      expect(seconds).toBeLessThan(60)
      expect(summary).toMatchObject({ lines: 180, counted: 180, windows: 3, unfinished: 0 })
      const lines = linesOf(end.stdout)
      expect(lines.map(({ events }) => events)).toEqual([60, 60, 60])
      expect(latest(written.map(({ value }) => JSON.parse(value)))).toEqual(latest(lines))
    }
    expect(all).toHaveLength(2)
  })
})

describe('without a broker', () => {
  test('the worker gives up after 30 s with 1 and its sums, and config --check with 78', async () => {
    const [counting, checking] = await givenUp
    const zeros = { lines: 0, bytes: 0, counted: 0, rejected: {}, late: {}, unfinished: 0, windows: 0 }
    expect(JSON.parse(readFileSync(nothingRead, 'utf8'))).toMatchObject(zeros)
    for (const [{ code, stderr }, as, says] of [
      [counting, 1, /"level":"error".*"msg":"No broker answers at 127.0.0.1:1/],
      [checking, 78, /^counter-worker: No broker answers at 127.0.0.1:1/],
    ] as const) {
      const [trying, ...end] = stderr.trimEnd().split('\n')
      if (as === 1) expect(JSON.parse(end.shift()!)).toMatchObject({ level: 'info', ...zeros })
      // Said at once, long before the end.
      expect(JSON.parse(trying!)).toMatchObject({
        brokers: ['127.0.0.1:1'],
        msg: expect.stringMatching(/no broker answers at 127\.0\.0\.1:1 .*trying for \d+ s, until \d{4}-/),
      })
      expectClearEnd({ code, stderr: end.join('\n') }, as, says)
    }
  })

  test('an output file that cannot be created ends the worker at once, before a broker is waited for', async () => {
    const began = performance.now()
    const { code, stderr } = await run([...nobody, '--rejects-file', '/missing/rejects'])
    expectClearEnd({ code, stderr }, 1, /cannot write \/missing\/rejects: ENOENT/)
    expect(performance.now() - began).toBeLessThan(15_000)
  })

  test('what is tried, and until when, is said within a second or two', async () => {
    const worker = await Worker.start(nobody)
    const began = performance.now()
    await worker.until(({ stderr }) => stderr.includes('trying for'))
    expect(performance.now() - began).toBeLessThan(10_000)
    await worker.stop()
  })

  test('the worker is served while it waits: it lives, is not ready, and says why', async () => {
    const worker = await Worker.start([...nobody, '--http', '127.0.0.1:0'])
    const url = await worker.url()
    for (const [path, code, answer] of [
      ['livez', 200, { status: 'alive' }],
      ['readyz', 503, { status: 'connecting to the brokers' }],
      ['version', 200, { name: 'counter-worker' }],
    ] as const) {
      const response = await fetch(`${url}/${path}`)
      expect([response.status, await response.json()]).toEqual([code, expect.objectContaining(answer)])
    }
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toMatch(/^card_build_info\{version="[^"]+"\} 1$/m)
    expect((await worker.stop()).code).toBe(0)
  })

  test('a signal ends the waiting at once', async () => {
    const worker = await Worker.start([
      '--brokers',
      '127.0.0.1:1',
      '--topic',
      'likes',
      '--log-level',
      'debug',
    ])
    await worker.until(({ stderr }) => stderr.includes('ECONNREFUSED'))
    expect((await worker.stop()).code).toBe(0)
  })
})

/** Thirty frames of a minute after noon. */
function minute(after: number) {
  return Array.from({ length: 30 }, (_, i) => frame(`user-${i % 7}`, noon + after * 60 + 2 * i))
}

/** User and system time of a process in the kernel's ticks, of which a second has a hundred. */
function cpuTicks(pid: number): number {
  // The second field is the name in brackets, which may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return Number(fields[11]) + Number(fields[12])
}
