import kafkajs from 'kafkajs'

const { Kafka, logLevel, Partitioners } = kafkajs

/**
 * A quiet client for the tool's own requests: it reports through its rejections alone.
 *
 * @param {string[]} brokers
 * @param {number} [retries]
 */
export function quietClient(brokers, retries = 5) {
  return new Kafka({
    clientId: 'local-kafka',
    brokers,
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 5000,
    retry: { retries, initialRetryTime: 100, maxRetryTime: 1000 },
  })
}

/** @param {import('kafkajs').Kafka} kafka */
export function quietProducer(kafka) {
  return kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
}

/**
 * The addresses of the brokers that a broker knows to be alive; rejects where it does not answer.
 *
 * @param {string} broker
 * @returns {Promise<string[]>}
 */
export async function aliveBrokers(broker) {
  const admin = quietClient([broker], 0).admin()
  try {
    await admin.connect()
    const { brokers } = await admin.describeCluster()
    return brokers.map(({ host, port }) => `${host}:${port}`)
  } finally {
    await admin.disconnect()
  }
}
