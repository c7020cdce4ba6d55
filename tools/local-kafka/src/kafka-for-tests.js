import { missingForKafka } from './jars.js'

/** @returns {import('./types.js').TestKafka} */
export function kafkaForTests() {
  const missing = missingForKafka()
  if (missing === null) return { mode: 'local' }
  const brokers = (process.env.KAFKA_BROKERS ?? '').split(',').filter((broker) => broker !== '')
  if (brokers.length > 0) return { mode: 'external', brokers }
  const notice = `No Kafka for the tests: ${missing}. Install it, or set KAFKA_BROKERS=host:port of a running broker.`
  if (process.env.CI === 'true') throw new Error(notice)
  return { mode: 'none', notice }
}
