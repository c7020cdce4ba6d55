import type { InternalMetadata } from '../client/internals.js'
import { type Api, flexibleRequest, type WireRequest } from './request.js'
import type { WireReader } from './wire-reader.js'

export const metadataApi: Api = { name: 'Metadata', key: 3, version: 10 }

/** What no topic has for an id. */
const noId = '0'.repeat(32)

/** Asks for topics with their ids, which no later topic of the same name has (KIP-516). @param topics none: all */
export function metadataRequest(topics: readonly string[]): WireRequest<InternalMetadata> {
  return flexibleRequest(
    metadataApi,
    (body) => {
      if (topics.length === 0) body.unsignedVarint(0)
      else body.compactArray(topics, (topic) => body.uuid(noId).compactString(topic).noTaggedFields())
      // Topics are not created, and the rights on the cluster and on topics are not asked for.
      body.boolean(false).boolean(false).boolean(false).noTaggedFields()
    },
    readMetadata,
  )
}

/**
 * The answer to Metadata, version 10, in the shape that kafkajs gives to its own: throttle i32, brokers[] {id i32, host,
 * port i32, rack}, cluster id, controller i32, topics[] {error i16, name, id, internal i8, partitions[] {error i16,
 * number i32, leader i32, leader epoch i32, replicas[] i32, isr[] i32, offline[] i32}, rights i32}, rights i32.
 */
function readMetadata(body: WireReader): InternalMetadata {
  const throttleTime = body.int32()
  const brokers = body.compactArray(() => {
    const nodeId = body.int32()
    const host = body.compactString() ?? ''
    const broker = { nodeId, host, port: body.int32(), rack: body.compactString() }
    body.taggedFields()
    return broker
  })
  const clusterId = body.compactString()
  const controllerId = body.int32()
  const topicMetadata = body.compactArray(() => {
    const topicErrorCode = body.int16()
    const topic = body.compactString() ?? ''
    const id = body.uuid()
    const isInternal = body.int8() !== 0
    const partitionMetadata = body.compactArray(() => readPartition(body))
    body.int32()
    body.taggedFields()
    return { topicErrorCode, topic, topicId: id === noId ? null : id, isInternal, partitionMetadata }
  })
  return {
    brokers,
    clusterId,
    controllerId,
    topicMetadata,
    throttleTime,
    clientSideThrottleTime: throttleTime,
  }
}

function readPartition(body: WireReader) {
  const nodes = () => body.compactArray(() => body.int32())
  const partitionErrorCode = body.int16()
  const partitionId = body.int32()
  const leader = body.int32()
  body.int32()
  const partition = { partitionErrorCode, partitionId, leader, replicas: nodes(), isr: nodes() }
  nodes()
  body.taggedFields()
  return partition
}
