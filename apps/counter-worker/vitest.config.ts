import { cardTests } from '@card/testing/vitest'

export default cardTests('counter-worker')
