const seed = 0x9747b28c
const m = 0x5bd1e995

/**
 * MurmurHash2 of 32 bits with Kafka's seed, as its default partitioner has it
 * (org.apache.kafka.common.utils.Utils.murmur2).
 *
 * @returns 0 to 2^31 - 1: the hash without its sign bit, as partitions are chosen by it
 */
export function murmur2(bytes: Uint8Array): number {
  const { length } = bytes
  const whole = length & ~3
  let h = seed ^ length
  for (let at = 0; at < whole; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    const k = Math.imul(word, m)
    h = Math.imul(h, m) ^ Math.imul(k ^ (k >>> 24), m)
  }
  if (length > whole) {
    for (let at = length - 1; at >= whole; at--) h ^= bytes[at]! << (8 * (at - whole))
    h = Math.imul(h, m)
  }
  h = Math.imul(h ^ (h >>> 13), m)
  return (h ^ (h >>> 15)) & 0x7fffffff
}
