import { GroupTable } from '@card/frames'
import { totalGroup } from '@card/windowing'
import { describe, expect, it } from 'vitest'
import { checkpointPartition, mergePartition, ownerName } from '../../src/index.js'
import { murmur2 } from '../../src/wire/murmur2.js'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('murmur2', () => {
  // Of Kafka's own UtilsTest.testMurmur2, which has the sign bit as well.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('of %s is what Kafka has', (text, hash) => {
    expect(murmur2(bytes(text))).toBe(hash & 0x7fffffff)
  })
})

describe('partitions', () => {
  it('of groups are those of their bytes, and of what has no group the first', () => {
    const groups = new GroupTable()
    expect(mergePartition(groups.id('foobar'), groups, 16)).toBe((-790332482 & 0x7fffffff) % 16)
    expect(mergePartition(0, groups, 16)).toBe(0)
    expect(mergePartition(totalGroup, groups, 16)).toBe(0)
  })

  it('of checkpoints follow one another for the partitions of a topic', () => {
    const of = (partition: number) => checkpointPartition({ stage: 'count', topic: 'likes', partition }, 64)
    expect([1, 2, 63, 64].map((p) => (of(p) - of(0) + 64) % 64)).toEqual([1, 2, 63, 0])
    const merger = { stage: 'merge', partition: 3 } as const
    expect(checkpointPartition(merger, 64)).toBe((murmur2(bytes('merge')) + 3) % 64)
    expect(ownerName(merger)).toBe('merge/3')
    expect(ownerName({ stage: 'count', topic: 'likes', partition: 7 })).toBe('count/likes/7')
  })
})
