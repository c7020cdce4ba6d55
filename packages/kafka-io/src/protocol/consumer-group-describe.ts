import type { InternalBroker } from '../client/internals.js'
import { AnswerReader } from './answer-reader.js'
import { consumerGroupDescribeApi, requestOf, speaks } from './api.js'
import { RequestWriter } from './request-writer.js'

/**
 * The state of a group whose members use the consumer protocol of KIP-848 (`Stable`, `Empty`, …); null where it is no
 * such group, or the broker knows none.
 */
export async function consumerGroupState(broker: InternalBroker, group: string): Promise<string | null> {
  if (!speaks(broker.versions, consumerGroupDescribeApi)) return null
  const writer = new RequestWriter()
  writer.array([group], (name) => writer.string(name))
  writer.int8(0).tags()
  const request = requestOf(consumerGroupDescribeApi, writer.body, (answer) => {
    const reader = new AnswerReader(answer)
    reader.int32()
    // Of the one group that was asked for; what follows is of no use here.
    if (reader.uvarint() < 2) return { state: null }
    const errorCode = reader.int16()
    reader.string()
    reader.string()
    const state = reader.string()
    return { state: errorCode === 0 ? state : null }
  })
  const { state } = (await broker.connectionPool.send(request)) as { state: string | null }
  return state
}
