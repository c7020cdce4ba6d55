import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalKafka, startKafka } from '@card/local-kafka'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KafkaClient, KafkaSink, loadKafkaSettings } from '../src/index.js'
import { describeLocalKafka, newTopic, readAll, values } from './support/kafka.js'

describeLocalKafka('a broker with TLS and logins', () => {
  let kafka: LocalKafka
  let folder: string
  beforeAll(async () => {
    kafka = await startKafka({ tls: true, sasl: true })
    folder = mkdtempSync(join(tmpdir(), 'card-kafka-io-'))
  })
  afterAll(async () => {
    await kafka?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const client = (brokers: string[], content: object, env: Record<string, string> = {}) => {
    const file = join(folder, 'kafka.json')
    writeFileSync(file, JSON.stringify(content))
    return new KafkaClient(loadKafkaSettings({ brokers, file, env }), { unreachableTimeout: 10_000 })
  }
  const roundTrip = async (by: KafkaClient) => {
    const topic = await newTopic(by)
    const sink = await KafkaSink.open(by)
    await sink.send(topic, [{ key: 'k', value: 'through' }])
    await sink.close()
    return values(await readAll(by, topic))
  }

  test('is written and read through TLS, mutual TLS, and every login with and without TLS', async () => {
    const { brokers, mutualBrokers, certificates } = kafka.tls!
    const { ca, clientCertificate: certificate, clientKey: key } = certificates
    const { login } = kafka.sasl!
    expect(await roundTrip(client(brokers, { tls: { ca } }))).toEqual(['through'])
    expect(await roundTrip(client(mutualBrokers, { tls: { ca, certificate, key } }))).toEqual(['through'])
    for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512']) {
      expect(await roundTrip(client(kafka.sasl!.brokers, { sasl: { mechanism, ...login } }))).toEqual([
        'through',
      ])
    }
    const env = {
      CARD_KAFKA_TLS_CA: ca,
      CARD_KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      CARD_KAFKA_SASL_USERNAME: login.username,
      CARD_KAFKA_SASL_PASSWORD: login.password,
    }
    expect(await roundTrip(client(kafka.sasl!.tlsBrokers!, {}, env))).toEqual(['through'])
  })

  test('refuses a wrong password at once, and the error names neither password nor stack', async () => {
    const sasl = { mechanism: 'plain', username: 'card', password: 'not-the-secret' }
    const error = await failure(client(kafka.sasl!.brokers, { sasl }))
    expect(error).toMatchObject({
      code: 'login-refused',
      message: expect.stringMatching(/user name, the password/),
    })
    expect(error.message).not.toContain('not-the-secret')
    const scram = await failure(
      client(kafka.sasl!.brokers, { sasl: { ...sasl, mechanism: 'scram-sha-256' } }),
    )
    expect(scram.code).toBe('login-refused')
  })

  test('whose certificate nobody vouches for, or that wants one of ours, is a TLS error that says so', async () => {
    const unknown = await failure(client(kafka.tls!.brokers, { tls: true }))
    expect(unknown).toMatchObject({ code: 'tls-refused', message: expect.stringContaining('tls.ca') })
    const { ca } = kafka.tls!.certificates
    const mutual = await failure(client(kafka.tls!.mutualBrokers, { tls: { ca } }))
    expect(mutual).toMatchObject({
      code: 'tls-refused',
      message: expect.stringContaining('client certificate'),
    })
    const plain = await failure(client(kafka.brokers, { tls: { ca } }))
    expect(plain).toMatchObject({ code: 'tls-refused', message: expect.stringContaining('speaks TLS') })
  })

  test('a certificate that has run out, of the broker or ours, is a TLS error that says so', async () => {
    const { mutualBrokers, expiredBrokers, certificates } = kafka.tls!
    const { ca, expiredCertificate: certificate, expiredKey: key } = certificates
    expect(await failure(client(expiredBrokers, { tls: { ca } }))).toMatchObject({
      code: 'tls-refused',
      message: expect.stringMatching(/certificate has expired.*dates/),
    })
    // Java does not say why it refuses ours.
    const ours = await failure(client(mutualBrokers, { tls: { ca, certificate, key } }))
    expect(ours.message).not.toContain('\n')
    expect(ours).toMatchObject({
      code: 'tls-refused',
      message: expect.stringMatching(/client certificate.*dates/),
    })
  })

  test('spoken to without TLS or without a login is unreachable, with a hint at both', async () => {
    for (const brokers of [kafka.tls!.brokers, kafka.sasl!.brokers]) {
      const settings = loadKafkaSettings({ brokers })
      const error = await failure(new KafkaClient(settings, { unreachableTimeout: 500 }))
      expect(error).toMatchObject({
        code: 'broker-unreachable',
        message: expect.stringContaining('TLS or a login'),
      })
    }
  })
})

async function failure(client: KafkaClient): Promise<{ code: string; message: string }> {
  try {
    await client.check()
  } catch (error) {
    return error as { code: string; message: string }
  }
  throw new Error('the connection was accepted')
}
