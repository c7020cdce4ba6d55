import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'
import { Kafka, logLevel, type SASLOptions } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kafkaForTests, type LocalKafka, startKafka } from '../src/index.js'

const found = kafkaForTests()
if (found.mode === 'none') process.stderr.write(`${found.notice}\n`)

describe.skipIf(found.mode !== 'local')('a broker of our own', () => {
  let kafka: LocalKafka

  beforeAll(async () => {
    kafka = await startKafka({ tls: true, sasl: true, shortSessions: true })
  })
  afterAll(() => kafka?.stop())

  test('answers as soon as it is handed over, and keeps its topics over kill -9 and restart', async () => {
    await withAdmin({ brokers: kafka.brokers }, (admin) =>
      // Not waiting for leaders: that of kafkajs fails where the broker has not heard of the topic yet.
      admin.createTopics({ topics: [{ topic: 'kept' }], waitForLeaders: false }),
    )
    await kafka.kill(1)
    await expect(withAdmin({ brokers: kafka.brokers }, (admin) => admin.listTopics())).rejects.toThrow()
    await kafka.restart(1)
    const topics = await withAdmin({ brokers: kafka.brokers }, (admin) => admin.listTopics())
    expect(topics).toContain('kept')
    expect(kafka.logs()).toContain('Kafka Server started')
  })

  test('offers TLS, and mutual TLS that refuses a client without a certificate', async () => {
    const { brokers, mutualBrokers, certificates } = kafka.tls!
    const ca = [readFileSync(certificates.ca)]
    const client = {
      cert: readFileSync(certificates.clientCertificate),
      key: readFileSync(certificates.clientKey),
    }
    const list = (config: { brokers: string[]; ssl: object }) =>
      withAdmin(config, (admin) => admin.listTopics())
    await expect(list({ brokers, ssl: { ca } })).resolves.toBeInstanceOf(Array)
    await expect(list({ brokers, ssl: {} })).rejects.toThrow(/certificate/)
    await expect(list({ brokers: mutualBrokers, ssl: { ca, ...client } })).resolves.toBeInstanceOf(Array)
    await expect(list({ brokers: mutualBrokers, ssl: { ca } })).rejects.toThrow()
  })

  test.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
    'takes a login by SASL %s',
    async (mechanism) => {
      const { brokers, tlsBrokers, login } = kafka.sasl!
      const ca = [readFileSync(kafka.tls!.certificates.ca)]
      const list = (config: { brokers: string[]; ssl?: object }, password: string) =>
        withAdmin(
          { ...config, sasl: { mechanism, username: login.username, password } as SASLOptions },
          (admin) => admin.listTopics(),
        )
      await expect(list({ brokers }, login.password)).resolves.toBeInstanceOf(Array)
      await expect(list({ brokers: tlsBrokers!, ssl: { ca } }, login.password)).resolves.toBeInstanceOf(Array)
      await expect(list({ brokers }, 'wrong')).rejects.toThrow(/[Aa]uthentication/)
    },
  )
})

test.skipIf(found.mode !== 'local')(
  'a broker ends, and its folder goes, when the process that started it gets kill -9',
  async () => {
    const program = `
    import { startKafka } from ${JSON.stringify(new URL('../src/index.js', import.meta.url).href)}
    const { brokers, folder } = await startKafka()
    console.log(JSON.stringify({ brokers, folder }))
    setInterval(() => {}, 1000)`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(createInterface(parent.stdout!), 'line')
    const { brokers, folder } = JSON.parse(line)
    const [host, port] = brokers[0].split(':')
    // Held open: the connection closes, or is reset, exactly when the broker's process is gone.
    const socket = createConnection({ host, port: Number(port) }).on('error', () => {})
    const closed = new Promise((resolve) => socket.once('close', resolve))
    await once(socket, 'connect')
    parent.kill('SIGKILL')
    await closed
    await expect.poll(() => existsSync(folder)).toBe(false)
  },
)

test.skipIf(found.mode !== 'local')(
  'three nodes: a topic survives the loss of its leader',
  async () => {
    const kafka = await startKafka({ nodes: 3, shortSessions: true })
    try {
      expect(kafka.brokers).toHaveLength(3)
      const leaderOf = () =>
        withAdmin({ brokers: kafka.brokers }, async (admin) => {
          const { topics } = await admin.fetchTopicMetadata({ topics: ['replicated'] })
          return topics[0]!.partitions[0]!
        })
      await withAdmin({ brokers: kafka.brokers }, (admin) =>
        admin.createTopics({ topics: [{ topic: 'replicated', numPartitions: 1 }], waitForLeaders: false }),
      )
      await expect.poll(() => leaderOf().then(({ leader }) => leader)).toBeGreaterThan(0)
      const before = await leaderOf()
      expect(before.replicas).toHaveLength(3)
      await kafka.kill(before.leader)
      await expect
        .poll(() => leaderOf().then(({ leader }) => leader))
        .not.toSatisfy((leader) => leader === before.leader || leader === -1)
      await kafka.restart(before.leader)
      await expect.poll(() => leaderOf().then(({ isr }) => isr.length)).toBe(3)
    } finally {
      await kafka.stop()
    }
  },
  150_000,
)

async function withAdmin<T>(
  config: { brokers: string[]; ssl?: object; sasl?: SASLOptions },
  work: (admin: ReturnType<Kafka['admin']>) => Promise<T>,
): Promise<T> {
  const admin = new Kafka({
    ...config,
    logLevel: logLevel.NOTHING,
    retry: { retries: 3 },
    connectionTimeout: 3000,
  }).admin()
  try {
    await admin.connect()
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}
