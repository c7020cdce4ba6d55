import { kafkaForTests } from './kafka-for-tests.js'
import { startKafka } from './start-kafka.js'

/** @type {import('./types.js').LocalKafka | undefined} */
let kafka

/** @param {import('vitest/node').TestProject} project */
export async function setup(project) {
  const found = kafkaForTests()
  if (found.mode === 'none') process.stderr.write(`\n${found.notice} The tests that need it are skipped.\n\n`)
  const properties = {
    // Compaction within a test's patience: by default the cleaner looks every 15 s.
    'log.cleaner.backoff.ms': '200',
    'log.initial.task.delay.ms': '500',
    // Sessions of consumers alone: nobody restarts this broker, and one that a busy machine holds up for two
    // seconds would lose all its partitions.
    'group.min.session.timeout.ms': '500',
  }
  if (found.mode === 'local') kafka = await startKafka({ properties })
  const brokers = kafka?.brokers ?? (found.mode === 'external' ? found.brokers : [])
  project.provide('kafkaBrokers', brokers)
  project.provide('kafkaMode', found.mode)
}

export async function teardown() {
  await kafka?.stop()
}
