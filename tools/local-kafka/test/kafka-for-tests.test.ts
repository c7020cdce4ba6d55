import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { kafkaForTests } from '../src/index.js'

const empty = mkdtempSync(join(tmpdir(), 'card-kafka-none-'))
afterEach(() => vi.unstubAllEnvs())
afterAll(() => rmSync(empty, { recursive: true }))

test('without Java the brokers of KAFKA_BROKERS are used', () => {
  withoutPrograms()
  vi.stubEnv('KAFKA_BROKERS', 'a:1,b:2')
  expect(kafkaForTests()).toEqual({ mode: 'external', brokers: ['a:1', 'b:2'] })
})

test('without Java and KAFKA_BROKERS tests are skipped with a notice that says what to do', () => {
  withoutPrograms()
  expect(kafkaForTests()).toEqual({ mode: 'none', notice: expect.stringMatching(/Java 17.*KAFKA_BROKERS/) })
})

test('with CI=true a missing broker is a failure', () => {
  withoutPrograms()
  vi.stubEnv('CI', 'true')
  expect(() => kafkaForTests()).toThrow(/Java 17/)
})

function withoutPrograms(): void {
  vi.stubEnv('PATH', empty)
  vi.stubEnv('CARD_KAFKA_CACHE', empty)
  vi.stubEnv('KAFKA_BROKERS', '')
  vi.stubEnv('CI', '')
}
