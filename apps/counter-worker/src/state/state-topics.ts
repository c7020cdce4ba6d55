import { describeTopic, type KafkaClient, prepareTopics, type TopicPlan } from '@card/kafka-io'

/** The topics that hold the state of a deployment, and how many partitions they have, for life. */
export interface StateTopics {
  readonly checkpoint: StateTopic
  readonly partials: StateTopic
}

export interface StateTopic {
  readonly topic: string
  readonly partitions: number
}

/** Names a deployment's state, and how it is made where there is none. */
export interface StateTopicOptions {
  /** Prefix of the names. */
  readonly name: string
  /** Copies of each partition; -1: as many as the brokers make by default. */
  readonly replicas: number
  /** Of new topics. Default 64. */
  readonly checkpointPartitions?: number
  /** Of new topics. Default 16. */
  readonly partialsPartitions?: number
}

const mebi = 1024 * 1024
const minute = 60_000
const defaultPartitions = { checkpoint: 64, partials: 16 }

/**
 * Compacted early and often. With Kafka's default of 1 GiB segments nothing is compacted until that much has been written,
 * and a restore reads all of it.
 */
const checkpointSettings = {
  'cleanup.policy': 'compact',
  'segment.bytes': String(32 * mebi),
  'segment.ms': String(10 * minute),
  'min.cleanable.dirty.ratio': '0.2',
  'max.compaction.lag.ms': String(15 * minute),
  'delete.retention.ms': String(60 * minute),
  'max.message.bytes': String(2 * mebi),
  'message.timestamp.type': 'LogAppendTime',
}

/** Kept until a merger has committed it to its state and deletes it; retention never removes it. */
const partialsSettings = {
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'segment.bytes': String(64 * mebi),
  'max.message.bytes': String(2 * mebi),
  'message.timestamp.type': 'LogAppendTime',
}

/** The topics of a state as they are asked for. */
export function stateTopicPlans(options: StateTopicOptions): { checkpoint: TopicPlan; partials: TopicPlan } {
  const { name, replicas } = options
  return {
    checkpoint: {
      topic: `${name}-checkpoint`,
      create: true,
      newPartitions: options.checkpointPartitions ?? defaultPartitions.checkpoint,
      replicas,
      settings: checkpointSettings,
    },
    partials: {
      topic: `${name}-partials`,
      create: true,
      newPartitions: options.partialsPartitions ?? defaultPartitions.partials,
      replicas,
      settings: partialsSettings,
    },
  }
}

/**
 * Creates the topics of a state, or verifies existing ones.
 *
 * @param warn receives a sentence for each thing that is less safe than it should be
 * @throws KafkaIoError topic-config: a topic could lose state; the message has the command that fixes it;
 *   not-authorized (creating topics takes CREATE on them), broker-unreachable
 */
export async function prepareStateTopics(
  client: KafkaClient,
  options: StateTopicOptions,
  warn: (message: string) => void,
): Promise<StateTopics> {
  const plans = stateTopicPlans(options)
  for (const warning of await prepareTopics(client, [plans.checkpoint, plans.partials])) warn(warning)
  const { brokers } = await client.admin((admin) => admin.describeCluster())
  const described = async ({ topic }: TopicPlan): Promise<StateTopic> => {
    const { partitions, replicas } = (await describeTopic(client, topic))!
    if (replicas === 1 && brokers.length >= 3) {
      warn(
        `${topic} has a single copy of each partition, though there are ${brokers.length} brokers: losing one ` +
          'broker loses state. Add copies with kafka-reassign-partitions.sh, or let a new state create it with --state-replication 3',
      )
    }
    return { topic, partitions }
  }
  return { checkpoint: await described(plans.checkpoint), partials: await described(plans.partials) }
}
