import { cardTests } from '@card/testing/vitest'

export default cardTests('@card/kafka-io', {
  globalSetup: ['@card/local-kafka/vitest-setup'],
  fileParallelism: false,
})
