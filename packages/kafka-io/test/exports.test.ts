import { expect, test } from 'vitest'
import * as api from '../src/index.js'

test('the package exports exactly these values, so that none goes or comes unnoticed', () => {
  expect(Object.keys(api).sort()).toEqual([
    'KafkaClient',
    'KafkaIoError',
    'KafkaSink',
    'KafkaSource',
    'ZstdDecoder',
    'codecNames',
    'describeTopic',
    'environmentNames',
    'loadKafkaSettings',
    'prepareTopics',
    'recordKey',
    'recordValue',
    'redactSettings',
    'topicOffsets',
  ])
})
