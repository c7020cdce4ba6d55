import { expect, test } from 'vitest'
import type { TakeOver, TopicPartition } from '../../src/index.js'
import { newGroup, patience } from '../support/groups.js'
import { describeKafka, numbered, sharedClient, write } from '../support/kafka.js'

const client = sharedClient()

/** Takeovers that last until the test lets them end. */
class HeldTakeOvers {
  /** Those that have begun, by partition. */
  readonly begun = new Map<number, TakeOver>()
  readonly #ends = new Map<number, (position: number | Error) => void>()

  readonly startAt = ({ partition }: TopicPartition, takeOver: TakeOver) => {
    this.begun.set(partition, takeOver)
    return new Promise<number>((resolve, reject) => {
      this.#ends.set(partition, (end) => (typeof end === 'number' ? resolve(end) : reject(end)))
    })
  }

  end(partition: number, result: number | Error): void {
    this.#ends.get(partition)!(result)
  }
}

describeKafka('taking a partition over', { timeout: 60_000 }, () => {
  test('holds nothing up: all are asked for at once, and each is read as soon as it has its position', async () => {
    const held = new HeldTakeOvers()
    const { topic, join } = await newGroup(client, 3)
    await write(
      client,
      topic,
      [0, 1, 2].flatMap((partition) => numbered(10 * partition, 10 * partition + 4, partition)),
    )
    const member = await join({ startAt: held.startAt })
    await expect.poll(() => held.begun.size, patience).toBe(3)
    const { generation, topicId } = held.begun.get(1)!
    expect(generation).toBe(member.told('generation')[0]!.generation)
    expect(topicId).toMatch(/^[0-9a-f]{32}$/)
    expect(member.told('assigned')).toEqual([])
    held.end(1, 2)
    await expect.poll(() => member.values, patience).toEqual(['v12', 'v13'])
    expect(member.told('assigned')).toEqual([
      { kind: 'assigned', generation, partitions: [{ topic, partition: 1, position: 2 }] },
    ])
    expect(member.source.status()[0]).toMatchObject({ partition: 1, topicId })
    held.end(0, 3)
    await expect.poll(() => member.values, patience).toEqual(['v12', 'v13', 'v3'])
    expect(await held.begun.get(2)!.heartbeat()).toBe('accepted')
  })

  test('leaves what was held before being read, however long it takes', async () => {
    const held = new HeldTakeOvers()
    const { topic, join } = await newGroup(client, 2, { sessionTimeout: 6000 })
    let first = true
    const member = await join({
      startAt: async (partition, takeOver) => (first ? 0 : held.startAt(partition, takeOver)),
    })
    const other = await join()
    await expect
      .poll(() => [member, other].map(({ partitions }) => partitions.length), patience)
      .toEqual([1, 1])
    first = false
    await other.leave()
    await expect.poll(() => held.begun.size, patience).toBe(1)
    const kept = member.source.status()[0]!.partition
    // Longer than the session: the takeover keeps no heartbeat from the group.
    for (let second = 0; second < 8; second++) {
      await write(client, topic, numbered(second, second + 1, kept))
      await expect.poll(() => member.values, patience).toHaveLength(second + 1)
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
    expect(await held.begun.get(1 - kept)!.heartbeat()).toBe('accepted')
    expect(member.told('revoked')).toHaveLength(1)
    held.end(1 - kept, 0)
    await expect.poll(() => member.partitions.length, patience).toBe(2)
  })

  test('is called off when the group gives the partition away; what is kept goes on in the next generation', async () => {
    const held = new HeldTakeOvers()
    const { topic, join } = await newGroup(client, 2)
    await write(client, topic, [...numbered(0, 1, 0), ...numbered(10, 11, 1)])
    const member = await join({ startAt: held.startAt })
    await expect.poll(() => held.begun.size, patience).toBe(2)
    const [zero, one] = [held.begun.get(0)!, held.begun.get(1)!]
    const generation = zero.generation!
    const other = await join()
    await expect.poll(() => other.partitions, patience).toEqual([`${topic}/1`])
    await expect.poll(() => one.signal.aborted, patience).toBe(true)
    expect(await one.heartbeat()).toBe('stale')
    expect(zero.signal.aborted).toBe(false)
    expect(zero.generation).toBeGreaterThan(generation)
    await expect.poll(() => zero.heartbeat(), patience).toBe('accepted')
    // It comes too late, as a result and as an error.
    held.end(1, new Error('called off'))
    held.end(0, 0)
    await expect.poll(() => member.values, patience).toEqual(['v0'])
    expect(member.told('revoked')).toEqual([])
    expect(member.told('assigned')).toEqual([
      {
        kind: 'assigned',
        generation: zero.generation,
        partitions: [{ topic, partition: 0, position: 0 }],
      },
    ])
    await expect.poll(() => other.values, patience).toEqual(['v10'])
    expect(member.failure).toBe(null)
  })

  test('ends the source with its own error when it fails', async () => {
    const held = new HeldTakeOvers()
    const { join } = await newGroup(client, 2)
    const member = await join({ startAt: held.startAt })
    await expect.poll(() => held.begun.size, patience).toBe(2)
    const error = new Error('no state to restore')
    held.end(1, error)
    await member.reading
    expect(member.failure).toBe(error)
    expect(held.begun.get(0)!.signal.aborted).toBe(true)
  })

  test('without a group fails the opening with its own error', async () => {
    const { topic, join } = await newGroup(client, 1)
    const error = new Error('no state to restore')
    const options = { partitions: { [topic]: [0] }, startAt: () => Promise.reject(error) }
    await expect(join({ ...options, group: undefined } as object)).rejects.toBe(error)
  })

  test('is called off when the source is closed', async () => {
    const held = new HeldTakeOvers()
    const { join } = await newGroup(client, 1)
    const member = await join({ startAt: held.startAt })
    await expect.poll(() => held.begun.size, patience).toBe(1)
    await member.leave()
    expect(held.begun.get(0)!.signal.aborted).toBe(true)
    held.end(0, 0)
    expect(member.told('assigned')).toEqual([])
  })
})

describeKafka('reading a partition again from a position', { timeout: 60_000 }, () => {
  test('drops what was fetched ahead, and leaves the others as they are', async () => {
    const { topic, join } = await newGroup(client, 2)
    await write(client, topic, [...numbered(0, 4, 0), ...numbered(10, 12, 1)])
    const member = await join()
    await expect.poll(() => member.rows.length, patience).toBe(6)
    expect(member.source.reopen({ topic, partition: 0 }, 1)).toBe(true)
    await expect.poll(() => member.values.slice(6), patience).toEqual(['v1', 'v2', 'v3'])
    // Fetched, and not handed over, when it is read again from elsewhere.
    member.source.pause([{ topic, partition: 0 }])
    await write(client, topic, numbered(4, 6, 0))
    await expect.poll(() => member.source.status()[0]!.bufferedBytes, patience).toBeGreaterThan(0)
    member.source.reopen({ topic, partition: 0 }, 5)
    const zero = () => member.source.status().find(({ partition }) => partition === 0)!
    expect(zero()).toMatchObject({ position: 5, bufferedBytes: 0, paused: true })
    member.source.resume([{ topic, partition: 0 }])
    await expect.poll(() => member.values.slice(9), patience).toEqual(['v5'])
  })

  test('is refused for a partition that the source does not read', async () => {
    const { topic, join } = await newGroup(client, 1)
    const member = await join()
    await expect.poll(() => member.partitions.length, patience).toBe(1)
    expect(member.source.reopen({ topic, partition: 7 }, 0)).toBe(false)
    expect(() => member.source.reopen({ topic, partition: 0 }, -1)).toThrow(
      /position: expected a whole number/,
    )
  })
})
