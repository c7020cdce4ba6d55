import { runKafkaTool } from '@card/local-kafka'
import { expect, inject, test } from 'vitest'
import { newGroup, patience } from '../support/groups.js'
import { describeKafka, describeLocalKafka, numbered, sharedClient, write } from '../support/kafka.js'

const client = sharedClient()

describeKafka('positions that a member commits', { timeout: 60_000 }, () => {
  test('are there for every member, with what was noted beside them', async () => {
    const { topic, join } = await newGroup(client, 3)
    await write(client, topic, [...numbered(0, 5, 0), ...numbered(0, 7, 1)])
    const [a, b] = [await join(), await join()]
    await expect
      .poll(() => [a, b].map(({ partitions }) => partitions.length).sort(), patience)
      .toEqual([1, 2])
    const generation = a.told('generation').at(-1)!.generation
    const offsets = [
      { topic, partition: 0, offset: 5, metadata: '{"w":1700000000000,"idle":false}' },
      { topic, partition: 1, offset: 2, metadata: '' },
    ]
    await expect.poll(() => a.source.heartbeat(generation), patience).toBe('accepted')
    expect(await a.source.commitOffsets(offsets, generation)).toEqual({ verdict: 'accepted', refused: [] })
    const sorted = async (partitions?: { topic: string; partition: number }[]) =>
      (await b.source.fetchCommitted(partitions)).sort((x, y) => x.partition - y.partition)
    expect(await sorted()).toEqual(offsets)
    expect(await sorted([1, 2].map((partition) => ({ topic, partition })))).toEqual([offsets[1]])
    expect(await sorted([])).toEqual([])
  })

  test('are not taken in a generation that is over', async () => {
    const { topic, join } = await newGroup(client, 2)
    const a = await join()
    await expect.poll(() => a.partitions.length, patience).toBe(2)
    const old = a.told('generation').at(-1)!.generation
    const b = await join()
    await expect.poll(() => b.partitions.length, patience).toBe(1)
    const offsets = [{ topic, partition: 0, offset: 3, metadata: '' }]
    expect(await a.source.commitOffsets(offsets, old)).toEqual({ verdict: 'stale', refused: [] })
    expect(await a.source.fetchCommitted()).toEqual([])
  })

  test('are refused one by one where they cannot be kept', async () => {
    const { topic, join } = await newGroup(client, 2)
    const a = await join()
    await expect.poll(() => a.partitions.length, patience).toBe(2)
    const generation = a.told('generation').at(-1)!.generation
    const offsets = [
      { topic, partition: 0, offset: 3, metadata: 'x'.repeat(5000) },
      { topic, partition: 1, offset: 4, metadata: 'y' },
    ]
    expect(await a.source.commitOffsets(offsets, generation)).toEqual({
      verdict: 'accepted',
      refused: [{ topic, partition: 0, errorCode: 12 }],
    })
    expect(await a.source.fetchCommitted()).toEqual([offsets[1]])
  })

  test('are refused with every problem where they are none', async () => {
    const { topic, join } = await newGroup(client, 1)
    const a = await join()
    const wrong = [{ topic, partition: -1, offset: 0.5, metadata: null }] as never
    await expect(a.source.commitOffsets(wrong, 1)).rejects.toMatchObject({
      code: 'bad-settings',
      message: expect.stringMatching(
        /offsets\[0\]\.partition.*\n.*offsets\[0\]\.offset.*\n.*offsets\[0\]\.metadata/,
      ),
    })
    await expect(a.source.heartbeat('1' as never)).rejects.toMatchObject({ code: 'bad-settings' })
    await expect(a.source.fetchCommitted([{ topic }] as never)).rejects.toMatchObject({
      code: 'bad-settings',
    })
  })
})

describeLocalKafka('what kafka-consumer-groups shows of a group', { timeout: 60_000 }, () => {
  test('is its lag behind the committed positions', async () => {
    const { topic, group, join } = await newGroup(client, 1)
    await write(client, topic, numbered(0, 10))
    const a = await join()
    await expect.poll(() => a.partitions.length, patience).toBe(1)
    const generation = a.told('generation').at(-1)!.generation
    await a.source.commitOffsets([{ topic, partition: 0, offset: 4, metadata: '' }], generation)
    const server = inject('kafkaBrokers').join(',')
    const { stdout } = await runKafkaTool('org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', [
      ...['--bootstrap-server', server, '--describe', '--group', group],
    ])
    const row = stdout.split('\n').find((line) => line.includes(topic))
    // GROUP, TOPIC, PARTITION, CURRENT-OFFSET, LOG-END-OFFSET, LAG, …
    expect(row?.trim().split(/\s+/).slice(0, 6)).toEqual([group, topic, '0', '4', '10', '6'])
  })
})
