import { expect, test } from 'vitest'
import * as compression from '../src/codecs/compressors.js'
import * as zstd from '../src/codecs/zstd-decoder.js'
import * as api from '../src/index.js'

test('the package exports exactly these values, so that none goes or comes unnoticed', () => {
  expect(Object.keys(api).sort()).toEqual([
    'KafkaClient',
    'KafkaIoError',
    'KafkaSink',
    'KafkaSource',
    'KafkaTransactions',
    'assignSticky',
    'codecNames',
    'describeTopic',
    'environmentNames',
    'isConfigurationError',
    'loadKafkaSettings',
    'partitionForKey',
    'prepareTopics',
    'recordKey',
    'recordValue',
    'redactSettings',
    'sectionRecords',
    'topicOffsets',
  ])
  expect(Object.keys(compression).sort()).toEqual(['compressionOf', 'lz4', 'snappy', 'zstd'])
  expect(Object.keys(zstd)).toEqual(['ZstdDecoder'])
})
