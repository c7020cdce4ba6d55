import type { TopicPartition } from '../../src/topic-partition.js'
import type { ProducerIdentity } from '../../src/transaction/producer-identity.js'
import { type Answer, type KafkaPort, kafkaErrors } from './kafka-port.js'

/** Has a transactional id, and does by the protocol what an owner's step does: names partitions, counts sequences. */
export class Owner {
  readonly id: string
  identity: ProducerIdentity
  readonly #port: KafkaPort
  readonly #sequences = new Map<string, number>()
  readonly #added = new Set<string>()

  private constructor(port: KafkaPort, id: string, identity: ProducerIdentity) {
    this.#port = port
    this.id = id
    this.identity = identity
  }

  static async fence(port: KafkaPort, id: string, timeout = 30_000): Promise<Owner> {
    const { errorCode, producerId, epoch } = await settled(() => port.fence(id, timeout))
    if (errorCode !== 0) throw new Error(`fencing ${id} was answered ${errorCode}`)
    return new Owner(port, id, { producerId, epoch })
  }

  async write(at: TopicPartition, value: string): Promise<Answer & { offset: number }> {
    const key = `${at.topic}/${at.partition}`
    if (this.#port.transactionVersion === 1 && !this.#added.has(key)) {
      const { errorCode } = await settled(() => this.#port.addPartition(this.id, this.identity, at))
      if (errorCode !== 0) return { errorCode, offset: -1 }
      this.#added.add(key)
    }
    const sequence = this.#sequences.get(key) ?? 0
    const answer = await settled(() => this.#port.write(this.id, this.identity, { ...at, sequence, value }))
    if (answer.errorCode === 0) this.#sequences.set(key, sequence + 1)
    return answer
  }

  async commit(): Promise<Answer> {
    return this.#end('commit')
  }

  async abort(): Promise<Answer> {
    return this.#end('abort')
  }

  async #end(how: 'commit' | 'abort'): Promise<Answer> {
    const answer = await settled(() => this.#port.end(this.id, this.identity, how))
    if (answer.errorCode !== 0) return answer
    const { producerId, epoch } = answer
    if (epoch !== this.identity.epoch || producerId !== this.identity.producerId) this.#sequences.clear()
    this.identity = { producerId, epoch }
    this.#added.clear()
    return answer
  }
}

/**
 * The same request again while the transaction before is still being completed.
 *
 * @throws Error after 20 s
 */
export async function settled<T extends Answer>(request: () => Promise<T>): Promise<T> {
  for (const began = performance.now(); ; ) {
    const answer = await request()
    if (answer.errorCode !== kafkaErrors.concurrentTransactions) return answer
    if (performance.now() - began > 20_000) throw new Error('the transaction before is never completed')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
