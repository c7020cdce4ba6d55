import { cardTests } from '@card/testing/vitest'

export default cardTests('producer', {
  globalSetup: ['@card/local-kafka/vitest-setup'],
})
