import type { InternalMetadata, InternalRequest } from '../client/internals.js'
import { AnswerReader } from './answer-reader.js'
import { metadataApi, requestOf } from './api.js'
import { RequestWriter } from './request-writer.js'

/** What no topic has for an id. */
const noId = '0'.repeat(32)

/** Asks for topics with their ids, which no later topic of the same name has (KIP-516). @param topics none: all */
export function metadataRequest(topics: readonly string[]): InternalRequest {
  const writer = new RequestWriter()
  if (topics.length === 0) writer.nullArray()
  else writer.array(topics, (topic) => writer.uuid(noId).string(topic).tags())
  // Topics are not created, and the rights on the cluster and on topics are not asked for.
  writer.int8(0).int8(0).int8(0).tags()
  return requestOf(metadataApi, writer.body, readMetadata)
}

/**
 * The answer to Metadata, version 10, in the shape that kafkajs gives to its own: throttle i32, brokers[] {id i32, host,
 * port i32, rack}, cluster id, controller i32, topics[] {error i16, name, id, internal i8, partitions[] {error i16,
 * number i32, leader i32, leader epoch i32, replicas[] i32, isr[] i32, offline[] i32}, rights i32}, rights i32.
 */
function readMetadata(bytes: Buffer): InternalMetadata {
  const reader = new AnswerReader(bytes)
  const throttleTime = reader.int32()
  const numbers = () => reader.array(() => reader.int32())
  const brokers = reader.array(() => {
    const broker = {
      nodeId: reader.int32(),
      host: reader.string() ?? '',
      port: reader.int32(),
      rack: reader.string(),
    }
    reader.tags()
    return broker
  })
  const clusterId = reader.string()
  const controllerId = reader.int32()
  const topicMetadata = reader.array(() => {
    const topicErrorCode = reader.int16()
    const topic = reader.string() ?? ''
    const id = reader.uuid()
    const isInternal = reader.int8() !== 0
    const partitionMetadata = reader.array(() => {
      const partitionErrorCode = reader.int16()
      const partitionId = reader.int32()
      const leader = reader.int32()
      reader.int32()
      const partition = { partitionErrorCode, partitionId, leader, replicas: numbers(), isr: numbers() }
      numbers()
      reader.tags()
      return partition
    })
    reader.int32()
    reader.tags()
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
