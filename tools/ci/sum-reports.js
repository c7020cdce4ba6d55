// Sums the JSON reports of the test runners in a folder, and failures from elsewhere: prints what failed and why, how
// many were skipped, then `N passed, N failed` alone; ends with 1 on any failure or when no test ran.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const folder = process.argv[2]
if (folder === undefined) {
  process.stderr.write('usage: node tools/ci/sum-reports.js FOLDER [FAILURES]\n')
  process.exit(64)
}
let passed = 0
let failed = Number(process.argv[3] ?? 0)
let skipped = 0
for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()) {
  /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, testResults: { name: string, message: string, status: string, assertionResults: { status: string, fullName: string, failureMessages: string[] }[] }[] }} */
  const report = JSON.parse(readFileSync(join(folder, file), 'utf8'))
  passed += report.numPassedTests
  skipped += report.numPendingTests + report.numTodoTests
  // A file that fails outside its tests (an import, a hook) has no failed test, yet it failed.
  const brokenFiles = report.testResults.filter(
    (result) =>
      result.status === 'failed' && result.assertionResults.every((test) => test.status !== 'failed'),
  )
  failed += report.numFailedTests + brokenFiles.length
  for (const result of brokenFiles)
    process.stdout.write(`FAILED  ${relative(process.cwd(), result.name)}: ${result.message}\n`)
  for (const result of report.testResults) {
    for (const test of result.assertionResults) {
      if (test.status !== 'failed') continue
      process.stdout.write(
        `FAILED  ${relative(process.cwd(), result.name)}: ${test.fullName}\n${test.failureMessages.join('\n')}\n`,
      )
    }
  }
}
if (skipped > 0) process.stdout.write(`skipped: ${skipped}\n`)
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0
