import { expect, test } from 'vitest'
import { isConfigurationError, KafkaIoError } from '../src/index.js'

test('errors that need a fix are told apart from those that pass by themselves', () => {
  const is = (code: KafkaIoError['code']) => isConfigurationError(new KafkaIoError(code, 'x'))
  expect([is('unknown-topic'), is('login-refused'), is('bad-settings')]).toEqual([true, true, true])
  expect([is('broker-unreachable'), is('log-truncated'), is('fenced')]).toEqual([false, false, false])
  expect(isConfigurationError(new Error('x'))).toBe(false)
  expect(isConfigurationError(undefined)).toBe(false)
})
