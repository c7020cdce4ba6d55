import { expect, onTestFinished, test } from 'vitest'
import { AnswerBuffers } from '../../src/client/answer-buffers.js'
import { rawCluster } from '../../src/client/hooks.js'
import { flexibleRequest } from '../../src/protocol/request.js'
import { newGroup, patience } from '../support/groups.js'
import { describeKafka, newTopic, numbered, sharedClient, write } from '../support/kafka.js'

const client = sharedClient()
describeKafka('partitions of a group', { timeout: 60_000 }, () => {
  test('stay with the others when one of three members is restarted', async () => {
    const { join } = await newGroup(client, 9)
    const [a, b, c] = [await join(), await join(), await join()]
    await expect.poll(() => [a, b, c].map(({ partitions }) => partitions.length), patience).toEqual([3, 3, 3])
    const before = [a, b].map(({ partitions, events }) => ({ partitions, told: events.length }))
    await c.leave()
    await expect.poll(() => a.partitions.length + b.partitions.length, patience).toBe(9)
    const again = await join()
    await expect.poll(() => again.partitions.length, patience).toBe(3)
    await expect.poll(() => a.partitions.length + b.partitions.length, patience).toBe(6)
    for (const [i, member] of [a, b].entries()) {
      const { partitions, told } = before[i]!
      expect(member.partitions).toEqual(partitions)
      const revoked = member.events
        .slice(told)
        .flatMap((event) => (event.kind === 'revoked' ? event.partitions : []))
      expect(revoked.filter(({ topic, partition }) => partitions.includes(`${topic}/${partition}`))).toEqual(
        [],
      )
    }
  })

  test('are balanced within each of several topics', async () => {
    const { topic, join } = await newGroup(client, 4)
    const partials = await newTopic(client, { partitions: 8 })
    const topics = [topic, partials]
    const [a, b] = [await join({ topics }), await join({ topics })]
    const shares = () =>
      [a, b].map(({ partitions }) => [
        partitions.filter((name) => name.startsWith(topic)).length,
        partitions.filter((name) => name.startsWith(partials)).length,
      ])
    await expect.poll(shares, patience).toEqual([
      [2, 4],
      [2, 4],
    ])
  })

  test('of a topic that only one member subscribes to go to that one, whoever leads', async () => {
    const { topic, join } = await newGroup(client, 4)
    const second = await newTopic(client, { partitions: 2 })
    const one = await join()
    await expect.poll(() => one.partitions.length, patience).toBe(4)
    const both = await join({ topics: [topic, second] })
    await expect
      .poll(() => both.partitions.filter((name) => name.startsWith(second)).length, patience)
      .toBe(2)
    await expect.poll(() => one.partitions.length, patience).toBe(3)
  })

  test('are shared with members of a release that knows only round-robin', async () => {
    const { topic, group, join } = await newGroup(client, 4)
    const old = client.kafka().consumer({ groupId: group })
    onTestFinished(() => old.disconnect())
    await old.connect()
    await old.subscribe({ topics: [topic], fromBeginning: true })
    await old.run({ eachBatch: async () => {} })
    const one = await join()
    await expect.poll(() => one.partitions.length, patience).toBe(2)
    const another = await join()
    await expect.poll(() => one.partitions.length + another.partitions.length, patience).toBeLessThan(4)
    await old.disconnect()
    await expect
      .poll(() => [one, another].map(({ partitions }) => partitions.length), patience)
      .toEqual([2, 2])
    const { groups } = await client.admin((admin) => admin.describeGroups([group]))
    expect(groups[0]!.protocol).toBe('card-sticky')
  })
})

describeKafka('a generation of a group', { timeout: 60_000 }, () => {
  test('is told with what is kept, and rises with each rebalance', async () => {
    const { topic, join } = await newGroup(client, 2)
    const a = await join()
    await expect.poll(() => a.told('assigned').length, patience).toBe(1)
    const [first] = a.told('assigned')
    expect(a.told('generation')).toEqual([{ kind: 'generation', generation: first!.generation, kept: [] }])
    expect(first!.partitions).toHaveLength(2)
    const b = await join()
    await expect.poll(() => b.told('assigned').length, patience).toBe(1)
    const [ofB] = b.told('assigned')
    expect(ofB!.generation).toBeGreaterThan(first!.generation!)
    await expect.poll(() => a.told('generation').at(-1)?.generation, patience).toBe(ofB!.generation)
    expect(a.told('generation').at(-1)!.kept).toEqual([{ topic, partition: 0 }])
    expect(a.source.generationOf({ topic, partition: 0 })).toBe(ofB!.generation)
    expect(a.source.generationOf({ topic, partition: 1 })).toBe(null)
    expect(b.source.generationOf({ topic, partition: 1 })).toBe(ofB!.generation)
    expect(a.told('revoked')).toEqual([{ kind: 'revoked', partitions: [{ topic, partition: 1 }] }])
  })

  test('is accepted while it lasts, and stale after the next', async () => {
    const { topic, join } = await newGroup(client, 2)
    const a = await join()
    await expect.poll(() => a.partitions.length, patience).toBe(2)
    const generation = a.source.generationOf({ topic, partition: 0 })!
    expect(await a.source.heartbeat(generation)).toBe('accepted')
    const b = await join()
    await expect.poll(() => a.source.heartbeat(generation), patience).toBe('stale')
    const next = a.source.generationOf({ topic, partition: 0 })!
    expect(next).toBeGreaterThan(generation)
    await expect.poll(() => a.source.heartbeat(next), patience).toBe('accepted')
    await expect.poll(() => b.source.heartbeat(next), patience).toBe('accepted')
  })

  test('is rebalancing, which is no loss, from the moment another member asks to join', async () => {
    // So that it is the test that hears of the rebalance, and not kafkajs at once.
    const { topic, join } = await newGroup(client, 2, { sessionTimeout: 30_000 })
    const a = await join()
    await expect.poll(() => a.partitions.length, patience).toBe(2)
    const generation = a.source.generationOf({ topic, partition: 0 })!
    const joining = join()
    const verdicts: string[] = []
    await expect
      .poll(
        async () => {
          verdicts.push(await a.source.heartbeat(generation))
          return verdicts.includes('stale')
        },
        { ...patience, interval: 5 },
      )
      .toBe(true)
    expect(verdicts).toContain('rebalancing')
    // Once over it stays over.
    expect(verdicts.indexOf('stale')).toBe(verdicts.length - 1)
    await joining
  })

  test('is stale for a member that was dropped', async () => {
    const { topic, group, join } = await newGroup(client, 1)
    const a = await join()
    await expect.poll(() => a.partitions.length, patience).toBe(1)
    const generation = a.source.generationOf({ topic, partition: 0 })!
    const { groups } = await client.admin((admin) => admin.describeGroups([group]))
    await removeMember(group, groups[0]!.members[0]!.memberId)
    expect(await a.source.heartbeat(generation)).toBe('stale')
    // It joins anew, and gets the partition as one that others may have read.
    await expect.poll(() => a.told('revoked').length, patience).toBe(1)
    await expect.poll(() => a.told('assigned').length, patience).toBe(2)
    await expect
      .poll(async () => a.source.heartbeat(a.source.generationOf({ topic, partition: 0 })!), patience)
      .toBe('accepted')
  })

  test('belongs to groups alone', async () => {
    const { topic, join } = await newGroup(client, 1, {})
    const alone = await join({ group: undefined } as object)
    await expect.poll(() => alone.told('assigned').length, patience).toBe(1)
    expect(alone.told('assigned')[0]).toMatchObject({ generation: null })
    expect(alone.source.generationOf({ topic, partition: 0 })).toBe(null)
    for (const call of [
      () => alone.source.heartbeat(1),
      () => alone.source.commitOffsets([], 1),
      () => alone.source.fetchCommitted(),
    ]) {
      await expect(call()).rejects.toMatchObject({
        code: 'bad-settings',
        message: expect.stringContaining('group'),
      })
    }
  })
})

describeKafka('a static member', { timeout: 60_000 }, () => {
  test('gets its partitions back after a restart, in the same generation and without a rebalance', async () => {
    const { topic, join } = await newGroup(client, 4, { sessionTimeout: 20_000 })
    const a = await join({ instanceId: 'a' })
    const b = await join({ instanceId: 'b' })
    await expect.poll(() => [a, b].map(({ partitions }) => partitions.length), patience).toEqual([2, 2])
    const [before, told] = [b.partitions, a.events.length]
    const generation = b.told('assigned').at(-1)!.generation
    await b.leave()
    const again = await join({ instanceId: 'b' })
    await expect.poll(() => again.partitions, patience).toEqual(before)
    expect(again.told('assigned')[0]!.generation).toBe(generation)
    expect(a.events.slice(told)).toEqual([])
    await write(client, topic, numbered(0, 2, Number(before[0]!.split('/')[1])))
    await expect.poll(() => again.values, patience).toEqual(['v0', 'v1'])
  })

  test('is fenced by another process of the same name, which is named', async () => {
    const { join } = await newGroup(client, 1)
    const a = await join({ instanceId: 'same' })
    await expect.poll(() => a.partitions.length, patience).toBe(1)
    const generation = a.told('assigned')[0]!.generation!
    const heir = await join({ instanceId: 'same' })
    await expect.poll(() => heir.partitions.length, patience).toBe(1)
    expect(await a.source.heartbeat(generation).catch(({ code }) => code)).toMatch(/stale|closed/)
    await a.reading
    expect(a.failure).toMatchObject({ code: 'fenced', message: expect.stringContaining('instance same') })
    expect(await heir.source.heartbeat(generation)).toBe('accepted')
  })
})

/** Removes a member, as the broker does at the end of its session. */
async function removeMember(group: string, memberId: string): Promise<void> {
  const cluster = rawCluster(client.kafka(), {}, new AnswerBuffers(0))
  try {
    await cluster.connect()
    await cluster.refreshMetadata()
    const anyBroker = await cluster.brokerPool.findConnectedBroker()
    const { coordinator } = await anyBroker.findGroupCoordinator({ groupId: group, coordinatorType: 0 })
    const leave = flexibleRequest(
      { name: 'LeaveGroup', key: 13, version: 4 },
      (body) => {
        body.compactString(group)
        body.compactArray([memberId], (id) => body.compactString(id).compactString(null).noTaggedFields())
        body.noTaggedFields()
      },
      (body) => {
        body.int32()
        return body.int16()
      },
    )
    const { connectionPool } = await cluster.findBroker(coordinator)
    expect(await connectionPool.send(leave)).toBe(0)
  } finally {
    await cluster.abort()
  }
}
