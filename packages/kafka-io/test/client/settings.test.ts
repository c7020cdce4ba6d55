import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import {
  type KafkaIoError,
  loadKafkaSettings,
  redactSettings,
  type SettingsSources,
} from '../../src/index.js'

const folder = mkdtempSync(join(tmpdir(), 'card-kafka-settings-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const brokers = ['localhost:9092']
const pem = put('ca.pem', '-----BEGIN CERTIFICATE-----\n')

test('brokers alone are a plain connection', () => {
  expect(loadKafkaSettings({ brokers, env: { HOME: '/' } })).toEqual({ brokers })
})

test('a file names secrets and other files, paths from its own folder', () => {
  put('password', 'hunter2\n')
  const sasl = { mechanism: 'SCRAM-SHA-256', username: 'u', passwordFile: 'password' }
  expect(load({ tls: { ca: 'ca.pem' }, sasl })).toEqual({
    brokers,
    tls: { ca: '-----BEGIN CERTIFICATE-----\n' },
    sasl: { mechanism: 'scram-sha-256', username: 'u', password: 'hunter2' },
  })
  expect(load({ tls: true })).toEqual({ brokers, tls: {} })
  expect(load({ tls: false })).toEqual({ brokers })
})

test('the environment wins over the file', () => {
  put('password', 'from-file')
  const sasl = { mechanism: 'plain', username: 'u', passwordFile: 'password' }
  const env = { CARD_KAFKA_SASL_PASSWORD: 'from-env', CARD_KAFKA_TLS_CA: pem }
  expect(load({ sasl }, env)).toMatchObject({
    tls: { ca: expect.anything() },
    sasl: { password: 'from-env' },
  })
})

test('every problem is named at once, and no secret with them', () => {
  const error = problem({
    brokers: ['localhost'],
    file: put(
      'bad.json',
      JSON.stringify({ tls: { cert: 'x', key: 'missing.pem' }, sasl: { password: 'hunter2' }, extra: {} }),
    ),
  })
  expect(error.code).toBe('bad-settings')
  for (const part of [
    '"localhost"',
    'tls.cert is unknown',
    'belong together',
    'missing.pem',
    'mechanism',
    'username',
    '"extra"',
  ]) {
    expect(error.message).toContain(part)
  }
  expect(error.message).not.toContain('hunter2')
})

test.each([
  ['{"sasl": {"password": "hunter2"', 'is not JSON'],
  ['[]', 'no JSON object'],
  ['{"tls": {"ca": 5}}', 'tls.ca is no string'],
  ['{"tls": {"ca": "not-pem"}}', 'no PEM'],
])('a file holding %s is refused', (content, expected) => {
  put('not-pem', 'text')
  const { message } = problem({ brokers, file: put('broken.json', content) })
  expect(message).toContain(expected)
  expect(message).not.toContain('hunter2')
})

test('a file that is not there is named', () => {
  expect(problem({ brokers, file: join(folder, 'none.json') }).message).toMatch(
    /none\.json cannot be read \(ENOENT\)/,
  )
})

test('what may be printed holds no secret', () => {
  const key = '-----BEGIN PRIVATE KEY-----\nhunter3'
  const sasl = { mechanism: 'plain', username: 'u', password: 'hunter2' } as const
  const printed = JSON.stringify(
    redactSettings({ brokers, tls: { key, certificate: 'x', passphrase: 'hunter4' }, sasl }),
  )
  expect(printed).not.toMatch(/hunter/)
  expect(printed).toContain('"username":"u"')
})

function put(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function load(content: object, env: Record<string, string> = {}) {
  return loadKafkaSettings({ brokers, file: put('kafka.json', JSON.stringify(content)), env })
}

function problem(sources: SettingsSources): KafkaIoError {
  try {
    loadKafkaSettings(sources)
  } catch (error) {
    return error as KafkaIoError
  }
  throw new Error('the settings were accepted')
}
