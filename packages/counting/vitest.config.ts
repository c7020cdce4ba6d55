import { cardTests } from '@card/testing/vitest'

export default cardTests('@card/counting')
