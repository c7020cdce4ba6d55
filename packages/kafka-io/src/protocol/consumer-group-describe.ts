import type { InternalBroker } from '../client/internals.js'
import { type Api, flexibleRequest, speaks } from './request.js'

const consumerGroupDescribeApi: Api = { name: 'ConsumerGroupDescribe', key: 69, version: 0 }

/**
 * The state of a group whose members use the consumer protocol of KIP-848 (`Stable`, `Empty`, …); null where it is no
 * such group, or the broker knows none.
 */
export async function consumerGroupState(broker: InternalBroker, group: string): Promise<string | null> {
  if (!speaks(broker.versions, consumerGroupDescribeApi)) return null
  const request = flexibleRequest(
    consumerGroupDescribeApi,
    (body) => {
      body.compactArray([group], (name) => body.compactString(name))
      body.boolean(false).noTaggedFields()
    },
    (body) => {
      body.int32()
      // Of the one group that was asked for; what follows is of no use here.
      if (body.unsignedVarint() < 2) return { state: null }
      const errorCode = body.int16()
      body.compactString()
      body.compactString()
      const state = body.compactString()
      return { state: errorCode === 0 ? state : null }
    },
  )
  const { state } = (await broker.connectionPool.send(request)) as { state: string | null }
  return state
}
