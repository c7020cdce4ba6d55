import { randomUUID } from 'node:crypto'
import { KafkaSink, KafkaSource, recordValue } from '@card/kafka-io'
import { beforeAll, describe, expect, test } from 'vitest'
import { RefusedLineTopic } from '../../src/output/topic-writer.js'
import { StepOutputs } from '../../src/state/step-outputs.js'
import { describeKafka, TestBroker } from '../kafka/support.js'

describe('the outputs of a step', () => {
  test('are records of their topics, refused lines as they are written without state', () => {
    const outputs = new StepOutputs(new Map([['rejects', 4]]))
    const line = { source: 'likes/3', offset: 7, line: Buffer.from('{') }
    new RefusedLineTopic('rejects', 'reason', 1000, outputs).add('not-json', line)
    expect(outputs.take()).toEqual([
      {
        topic: 'rejects',
        partition: expect.any(Number),
        key: '["likes/3",7]',
        value: '{"reason":"not-json","source":"likes/3","offset":7,"line":"{"}',
        headers: { reason: 'not-json' },
      },
    ])
    expect(outputs.take()).toEqual([])
    expect(() => outputs.add('other', { key: 'a', value: 'b' })).toThrow(
      'Expected other to be an output topic',
    )
  })
})

describeKafka('the partition of a result', () => {
  const broker = new TestBroker()
  beforeAll(() => broker.start({}))

  test('is the one that it has without state, so that compaction finds the revisions of a window together', async () => {
    const topic = await broker.topic(7, {}, `results-${randomUUID()}`)
    const keys = Array.from({ length: 200 }, (_, i) =>
      JSON.stringify(['1m', '2016-07-11T12:00:00Z', `gröup ${i}`]),
    )
    const sink = await KafkaSink.open(broker.client)
    await sink.send(
      topic,
      keys.map((key) => ({ key, value: key })),
    )
    await sink.close()
    const outputs = new StepOutputs(new Map([[topic, 7]]))
    for (const key of keys) outputs.add(topic, { key, value: key })
    const expected = new Map(outputs.take().map(({ key, partition }) => [key as string, partition]))
    const source = await KafkaSource.open(broker.client, { topics: [topic], from: 'earliest', until: 'end' })
    const found = new Map<string, number>()
    for await (const event of source) {
      if (event.kind !== 'records') continue
      const { columns, partition } = event
      for (let row = 0; row < columns.rows; row++) {
        found.set(Buffer.from(recordValue(columns, row)!).toString(), partition)
      }
    }
    expect(found).toEqual(expected)
  })
})
