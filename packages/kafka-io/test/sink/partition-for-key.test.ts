import { expect, test } from 'vitest'
import { partitionForKey } from '../../src/index.js'

// org.apache.kafka.common.utils.UtilsTest#testMurmur2
const hashes: [string, number][] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
]

test.each(hashes)("a key goes where Kafka's own clients write it: %s", (key, hash) => {
  for (const partitions of [1, 7, 64]) {
    const expected = (hash & 0x7fffffff) % partitions
    expect(partitionForKey(key, partitions)).toBe(expected)
    expect(partitionForKey(new TextEncoder().encode(key), partitions)).toBe(expected)
  }
})

test('a key of another kind, or a topic without partitions, is refused', () => {
  expect(() => partitionForKey(5 as never, 3)).toThrow(expect.objectContaining({ code: 'bad-settings' }))
  expect(() => partitionForKey('a', 0)).toThrow(expect.objectContaining({ code: 'bad-settings' }))
})
