import { checkArgument } from '../arguments/check-options.js'
import { either, type Rule, wholeNumber } from '../arguments/rules.js'
import { Partitioners } from '../client/kafkajs.js'

const text: Rule = { expected: 'a text', accepts: (value) => typeof value === 'string' }
const bytes: Rule = { expected: 'bytes', accepts: (value) => value instanceof Uint8Array }
const key = either(text, bytes)
const choose = Partitioners.DefaultPartitioner()

/**
 * The partition that Kafka's own clients write a key to: murmur2 of its bytes, by the number of partitions.
 *
 * @param of the key; text is taken as UTF-8
 * @param partitions how many the topic has
 * @throws KafkaIoError bad-settings
 */
export function partitionForKey(of: Uint8Array | string, partitions: number): number {
  checkArgument('partitionForKey', 'of', of, key)
  checkArgument('partitionForKey', 'partitions', partitions, wholeNumber(1))
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
    partitionId,
    leader: 0,
  }))
  const message = { key: typeof of === 'string' ? of : Buffer.from(of), value: null }
  return choose({ topic: '', partitionMetadata: partitionMetadata as never, message })
}
