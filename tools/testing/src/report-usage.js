// Loaded before a measured program: writes what the process used when it ends.
import { writeFileSync } from 'node:fs'

process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  const { maxRSS } = process.resourceUsage()
  const usage = { cpuMicroseconds: user + system, peakBytes: maxRSS * 1024 }
  writeFileSync(/** @type {string} */ (process.env.CARD_TEST_USAGE), JSON.stringify(usage))
})
