import { answerType } from '../client/error-chain.js'
import type { InternalBroker, InternalCluster } from '../client/internals.js'
import { KafkaIoError } from '../errors.js'
import { consumerGroupState } from '../protocol/consumer-group-describe.js'
import { mayNotUseGroup } from './group-client.js'

const groupCoordinator = 0

/**
 * Asks for a group before it is joined. kafkajs keeps a refusal of its coordinator to itself, and joins groups of the
 * newer protocol, which give it no partition at first.
 *
 * @throws what the broker answers; `bad-settings` where members of the group use the protocol of KIP-848
 */
export async function checkGroup(cluster: InternalCluster, group: string): Promise<void> {
  const anyBroker = await cluster.brokerPool.findConnectedBroker()
  const { coordinator } = await findCoordinator(anyBroker, group)
  const state = await consumerGroupState(await cluster.findBroker(coordinator), group)
  if (state === null || state === 'Empty' || state === 'Dead') return
  throw new KafkaIoError(
    'bad-settings',
    `The group ${group} has members that use the consumer protocol of KIP-848 (group.protocol=consumer), which this ` +
      'client does not support: use another group, or stop those members first',
  )
}

async function findCoordinator(broker: InternalBroker, group: string) {
  try {
    return await broker.findGroupCoordinator({ groupId: group, coordinatorType: groupCoordinator })
  } catch (error) {
    if (answerType(error) !== 'GROUP_AUTHORIZATION_FAILED') throw error
    throw mayNotUseGroup(group, error)
  }
}
