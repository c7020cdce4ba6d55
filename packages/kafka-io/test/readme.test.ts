import { join } from 'node:path'
import { codeBlocks, runCodeBlock } from '@card/testing'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import {
  describeKafka,
  newTopic,
  numbered,
  readAll,
  sharedClient,
  untilEnds,
  values,
  write,
} from './support/kafka.js'

const root = join(import.meta.dirname, '..')
const blocks = codeBlocks(join(root, 'README.md'))

describeKafka('the blocks of the README, run as they stand but for the address of the broker,', () => {
  const client = sharedClient()
  const run = (index: number) => {
    const { code } = blocks[index]!
    const [address] = inject('kafkaBrokers')
    return runCodeBlock(root, code.replace('127.0.0.1:9092', address!))
  }

  const topics = ['frames', 'results', 'totals', 'positions', 'likes']

  beforeAll(async () => {
    for (const topic of topics) await newTopic(client, { topic })
    await write(client, 'frames', numbered(0, 3))
    await write(client, 'likes', numbered(0, 5))
    await write(client, 'positions', [{ key: 'likes/0', value: '2', partition: 0 }])
  })

  // Another run on the same broker makes them again.
  afterAll(() => client.admin((admin) => admin.deleteTopics({ topics })))

  test('are those that this file runs', () => {
    expect(blocks.map(({ language }) => language)).toEqual(['ts', 'ts', 'ts'])
    for (const { code } of blocks) expect(code.split('127.0.0.1:9092')).toHaveLength(2)
  })

  test('read a topic to its end, and write to another', async () => {
    expect(await run(0)).toBe('v0\nv1\nv2\n')
    expect(values(await readAll(client, 'results'))).toEqual(['1'])
  })

  test('take a partition over in a group at the position that was read back', async () => {
    expect(await run(1)).toBe('3 records from 2\n')
  })

  test('write totals and a position in one transaction', async () => {
    expect(await run(2)).toBe('')
    await untilEnds(client, 'totals', [2])
    await untilEnds(client, 'positions', [3])
    expect(values(await readAll(client, 'totals'))).toEqual(['7'])
    expect(values(await readAll(client, 'positions'))).toEqual(['2', '1041'])
  })
})
