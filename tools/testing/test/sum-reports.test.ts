import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../src/temporary-folder.js'

const program = fileURLToPath(new URL('../../ci/sum-reports.js', import.meta.url))

const temporary = temporaryFolder('reports')

/** The closing lines and the exit code for reports of these figures. */
function sum(
  reports: readonly { passed: number; failed?: number; skipped?: number; broken?: boolean }[],
  failures = '0',
) {
  const folder = mkdtempSync(join(temporary, 'case-'))
  reports.forEach(({ passed, failed = 0, skipped = 0, broken = false }, index) => {
    const name = join(process.cwd(), 'test/some.test.ts')
    const file = { name, status: 'failed', message: 'does not load', assertionResults: [] as object[] }
    const test = { status: 'failed', fullName: 'adds up', failureMessages: ['expected 2', 'found 3'] }
    const testResults = broken ? [file] : failed > 0 ? [{ ...file, assertionResults: [test] }] : []
    const report = {
      numPassedTests: passed,
      numFailedTests: failed,
      numPendingTests: skipped,
      numTodoTests: 0,
      testResults,
    }
    writeFileSync(join(folder, `${index}.json`), JSON.stringify(report))
  })
  const { stdout, status } = spawnSync(process.execPath, [program, folder, failures], { encoding: 'utf8' })
  return [stdout, status]
}

test('the closing line sums all reports, and skipped tests stand on a line of their own', () => {
  expect(sum([{ passed: 3 }, { passed: 4, skipped: 2 }])).toEqual(['skipped: 2\n7 passed, 0 failed\n', 0])
})

test('a failed test, a test file that does not load, a failed step or no test at all is a failure, told with its reason', () => {
  const why = 'FAILED  test/some.test.ts: adds up\nexpected 2\nfound 3\n'
  expect(sum([{ passed: 3, failed: 1 }])).toEqual([`${why}3 passed, 1 failed\n`, 1])
  const broken = 'FAILED  test/some.test.ts: does not load\n'
  expect(sum([{ passed: 3, broken: true }])).toEqual([`${broken}3 passed, 1 failed\n`, 1])
  expect(sum([{ passed: 3 }], '2')).toEqual(['3 passed, 2 failed\n', 1])
  expect(sum([])).toEqual(['0 passed, 0 failed\n', 1])
})
