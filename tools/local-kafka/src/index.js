export { kafkaForTests } from './kafka-for-tests.js'
export { runKafkaTool } from './kafka-tool.js'
export { startKafka } from './start-kafka.js'
