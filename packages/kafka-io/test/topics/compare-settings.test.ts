import { expect, test } from 'vitest'
import type { KafkaIoError } from '../../src/errors.js'
import { compareSettings } from '../../src/topics/compare-settings.js'

const settings = {
  'cleanup.policy': 'compact',
  'min.cleanable.dirty.ratio': '0.2',
  'max.message.bytes': '2097152',
}
const wanted = { topic: 'state', settings, brokers: ['kafka:9092'] }

function compared(found: Readonly<Record<string, string>>) {
  const problems: KafkaIoError[] = []
  const warnings: string[] = []
  compareSettings(wanted, new Map(Object.entries(found)), problems, warnings)
  return { problems: problems.map(({ code, message }) => [code, message]), warnings }
}

test('a topic that has them is found right, also where numbers are written in another way', () => {
  expect(compared({ ...settings, 'min.cleanable.dirty.ratio': '0.20' })).toEqual({
    problems: [],
    warnings: [],
  })
})

test('a topic that takes larger records than it must is found right, one that takes smaller ones is not', () => {
  expect(compared({ ...settings, 'max.message.bytes': '9000000' }).problems).toEqual([])
  expect(compared({ ...settings, 'max.message.bytes': '1000000' }).problems).toHaveLength(1)
})

test('what differs is named with what was found and the command that sets it right', () => {
  const { problems } = compared({ ...settings, 'cleanup.policy': 'delete', 'min.cleanable.dirty.ratio': '' })
  expect(problems).toEqual([
    [
      'topic-config',
      'Expected state to have cleanup.policy=compact, min.cleanable.dirty.ratio=0.2, found cleanup.policy=delete, ' +
        'min.cleanable.dirty.ratio=: set it with kafka-configs.sh --bootstrap-server kafka:9092 --alter --entity-type topics ' +
        '--entity-name state --add-config cleanup.policy=compact,min.cleanable.dirty.ratio=0.2',
    ],
  ])
})

test('a topic whose settings the login may not see draws a warning that names them', () => {
  const { problems, warnings } = compared({})
  expect(problems).toEqual([])
  expect(warnings[0]).toContain('grant DESCRIBE_CONFIGS on it')
  expect(warnings[0]).toContain('cleanup.policy=compact')
})
