import { flexibleRequest, type WireRequest } from '../protocol/request.js'
import { WireReader } from '../protocol/wire-reader.js'
import type { PartitionBatch } from './partition-batch.js'
import type { ProducerIdentity } from './producer-identity.js'

// The layouts are those of kafka.apache.org/protocol; error codes are returned, never thrown.

/** KIP-890: 2 where every transaction has an epoch of its own, else 1. */
export type TransactionVersion = 1 | 2

export interface IdentityAnswer extends ProducerIdentity {
  readonly errorCode: number
}

export interface CoordinatorAnswer {
  readonly errorCode: number
  readonly nodeId: number
}

export interface PartitionAnswer {
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
  /** Why, in the broker's words; null where it says nothing. */
  readonly message: string | null
  /** Offset of the first record written; -1 where it is not known. */
  readonly baseOffset: number
}

/** The node that coordinates the transactions of an id. */
export function findCoordinator(transactionalId: string): WireRequest<CoordinatorAnswer> {
  const transactions = 1
  return flexibleRequest(
    { name: 'FindCoordinator', key: 10, version: 3 },
    (body) => body.compactString(transactionalId).int8(transactions).noTaggedFields(),
    (body) => {
      body.int32()
      const errorCode = body.int16()
      body.compactString()
      return { errorCode, nodeId: body.int32() }
    },
  )
}

/**
 * Gives a transactional id a new epoch, which fences its older producers and ends their open transaction.
 *
 * @param timeout of its transactions, ms
 * @param held refused where the id no longer has this identity; default: whatever it has
 */
export function initProducerId(
  transactionalId: string,
  timeout: number,
  held: ProducerIdentity = { producerId: -1n, epoch: -1 },
): WireRequest<IdentityAnswer> {
  return flexibleRequest(
    { name: 'InitProducerId', key: 22, version: 4 },
    (body) =>
      body
        .compactString(transactionalId)
        .int32(timeout)
        .int64(held.producerId)
        .int16(held.epoch)
        .noTaggedFields(),
    (body) => {
      body.int32()
      return { errorCode: body.int16(), producerId: body.int64(), epoch: body.int16() }
    },
  )
}

/** Names the partitions that a transaction of version 1 writes to next. */
export function addPartitions(
  transactionalId: string,
  { producerId, epoch }: ProducerIdentity,
  topics: ReadonlyMap<string, readonly number[]>,
): WireRequest<Pick<PartitionAnswer, 'topic' | 'partition' | 'errorCode'>[]> {
  return flexibleRequest(
    { name: 'AddPartitionsToTxn', key: 24, version: 3 },
    (body) => {
      body.compactString(transactionalId).int64(producerId).int16(epoch)
      body.compactArray([...topics], ([topic, partitions]) => {
        body.compactString(topic)
        body.compactArray(partitions, (partition) => body.int32(partition))
        body.noTaggedFields()
      })
      body.noTaggedFields()
    },
    (body) => {
      body.int32()
      const topics = body.compactArray(() => {
        const topic = body.compactString()!
        const partitions = body.compactArray(() => {
          const answer = { topic, partition: body.int32(), errorCode: body.int16() }
          body.taggedFields()
          return answer
        })
        body.taggedFields()
        return partitions
      })
      return topics.flat()
    },
  )
}

/** Writes one batch to each of some partitions of one leader, acknowledged by all in-sync replicas. */
export function produce(
  transactionalId: string,
  version: TransactionVersion,
  timeout: number,
  batches: readonly PartitionBatch[],
): WireRequest<PartitionAnswer[]> {
  const allInSync = -1
  const byTopic = groupByTopic(batches)
  return flexibleRequest(
    // From version 12 on the partition joins the transaction by being written to.
    { name: 'Produce', key: 0, version: version === 2 ? 12 : 11 },
    (body) => {
      body.compactString(transactionalId).int16(allInSync).int32(timeout)
      body.compactArray([...byTopic], ([topic, partitions]) => {
        body.compactString(topic)
        body.compactArray(partitions, ({ partition, bytes }) => {
          body.int32(partition).compactBytes(bytes).noTaggedFields()
        })
        body.noTaggedFields()
      })
      body.noTaggedFields()
    },
    (body) => {
      const topics = body.compactArray(() => {
        const topic = body.compactString()!
        const partitions = body.compactArray(() => readProduced(topic, body))
        body.taggedFields()
        return partitions
      })
      return topics.flat()
    },
  )
}

/** Ends the open transaction. Version 2 answers with the epoch of the next one. */
export function endTransaction(
  transactionalId: string,
  version: TransactionVersion,
  { producerId, epoch }: ProducerIdentity,
  commit: boolean,
): WireRequest<IdentityAnswer> {
  return flexibleRequest(
    { name: 'EndTxn', key: 26, version: version === 2 ? 5 : 3 },
    (body) =>
      body.compactString(transactionalId).int64(producerId).int16(epoch).boolean(commit).noTaggedFields(),
    (body) => {
      body.int32()
      const errorCode = body.int16()
      if (version === 1 || errorCode !== 0) return { errorCode, producerId, epoch }
      return { errorCode, producerId: body.int64(), epoch: body.int16() }
    },
  )
}

export interface OffsetAnswer {
  readonly errorCode: number
  readonly offset: number
}

/** The first offset of a partition, or the one behind its last record (its high watermark), asked of its leader. */
export function listOffset(
  topic: string,
  partition: number,
  which: 'first' | 'end',
): WireRequest<OffsetAnswer> {
  const noReplica = -1
  const readUncommitted = 0
  return flexibleRequest(
    { name: 'ListOffsets', key: 2, version: 6 },
    (body) => {
      body.int32(noReplica).int8(readUncommitted)
      body.compactArray([topic], (name) => {
        body.compactString(name)
        body.compactArray([partition], (index) => {
          const anyEpoch = -1
          body
            .int32(index)
            .int32(anyEpoch)
            .int64(which === 'first' ? -2n : -1n)
            .noTaggedFields()
        })
        body.noTaggedFields()
      })
      body.noTaggedFields()
    },
    (body) => {
      body.int32()
      const topics = body.compactArray(() => {
        body.compactString()
        const partitions = body.compactArray(() => {
          body.int32()
          const errorCode = body.int16()
          body.int64()
          const offset = Number(body.int64())
          body.int32()
          body.taggedFields()
          return { errorCode, offset }
        })
        body.taggedFields()
        return partitions
      })
      return topics.flat()[0]!
    },
  )
}

/** The version of transactions that the cluster has agreed on, by the finalized feature transaction.version. */
export function transactionVersion(): WireRequest<TransactionVersion> {
  const finalizedFeatures = 2
  const request = flexibleRequest<TransactionVersion>(
    { name: 'ApiVersions', key: 18, version: 3 },
    (body) => body.compactString('card').compactString('1').noTaggedFields(),
    () => 1,
  )
  return {
    ...request,
    response: {
      ...request.response,
      // This one answer has a header without tagged fields, so that any client can read it.
      async decode(payload) {
        const body = new WireReader(payload)
        let found = 0
        const errorCode = body.int16()
        if (errorCode !== 0) return 1
        body.compactArray(() => {
          body.int16()
          body.int16()
          body.int16()
          body.taggedFields()
        })
        body.int32()
        body.taggedFields((tag, field) => {
          if (tag !== finalizedFeatures) return
          field.compactArray(() => {
            const name = field.compactString()
            const level = field.int16()
            field.int16()
            field.taggedFields()
            if (name === 'transaction.version') found = level
          })
        })
        return found >= 2 ? 2 : 1
      },
    },
  }
}

function readProduced(topic: string, body: WireReader): PartitionAnswer {
  const partition = body.int32()
  const errorCode = body.int16()
  const baseOffset = Number(body.int64())
  body.int64()
  body.int64()
  const ofRecords = body.compactArray(() => {
    body.int32()
    const message = body.compactString()
    body.taggedFields()
    return message
  })
  const message = body.compactString() ?? ofRecords.find((each) => each !== null) ?? null
  body.taggedFields()
  return { topic, partition, errorCode, message, baseOffset }
}

function groupByTopic(batches: readonly PartitionBatch[]): Map<string, PartitionBatch[]> {
  const byTopic = new Map<string, PartitionBatch[]>()
  for (const batch of batches) {
    const found = byTopic.get(batch.topic)
    if (found === undefined) byTopic.set(batch.topic, [batch])
    else found.push(batch)
  }
  return byTopic
}
