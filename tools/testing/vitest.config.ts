import { cardTests } from './src/vitest.js'

export default cardTests('@card/testing')
