import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { prepareStateTopics, stateTopicPlans } from '../../src/state/state-topics.js'
import { describeKafka, TestBroker } from '../kafka/support.js'

describeKafka('the topics of a state', () => {
  const broker = new TestBroker()
  beforeAll(() => broker.start({}))

  const none = () => {
    throw new Error('expected no warning')
  }
  const prepare = (name: string) => prepareStateTopics(broker.client, { name, replicas: -1 }, none)

  test('are made with what the state needs, and found again whatever their partitions', async () => {
    const name = `state-${randomUUID()}`
    const topics = {
      checkpoint: { topic: `${name}-checkpoint`, partitions: 64 },
      partials: { topic: `${name}-partials`, partitions: 16 },
    }
    expect(await prepare(name)).toEqual(topics)
    expect(await prepare(name)).toEqual(topics)
    const other = `state-${randomUUID()}`
    const { checkpoint, partials } = stateTopicPlans({ name: other, replicas: -1 })
    await broker.topic(5, checkpoint.settings, checkpoint.topic)
    await broker.topic(3, { ...partials.settings, 'max.message.bytes': '9000000' }, partials.topic)
    const found = await prepare(other)
    expect([found.checkpoint.partitions, found.partials.partitions]).toEqual([5, 3])
  })

  test('are refused where they would lose state, with the command that sets them right', async () => {
    const name = `state-${randomUUID()}`
    await broker.topic(1, { 'cleanup.policy': 'delete' }, `${name}-checkpoint`)
    await broker.topic(1, { 'cleanup.policy': 'delete' }, `${name}-partials`)
    const error = await prepare(name).catch((error) => error)
    expect(error).toMatchObject({ code: 'topic-config' })
    const [checkpoint, partials] = error.message.split('\n')
    expect(checkpoint).toContain(
      `Expected ${name}-checkpoint to have cleanup.policy=compact, segment.bytes=33554432`,
    )
    expect(checkpoint).toContain(
      `--entity-name ${name}-checkpoint --add-config cleanup.policy=compact,segment.bytes=`,
    )
    expect(partials).toContain('retention.ms=-1')
    expect(partials).not.toContain('cleanup.policy')
  })
})
