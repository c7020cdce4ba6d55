import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { showProgress } from '../../src/output/progress.js'

/** What a run of ten frames shows on stderr. */
function shown(stderrIsTerminal: boolean, stdoutIsTerminal: boolean, toStdout: boolean): string {
  const stderr = Object.assign(new PassThrough(), { isTTY: stderrIsTerminal })
  const progress = showProgress('generating', 10, toStdout, { stderr, stdout: { isTTY: stdoutIsTerminal } })
  progress.update(10, 3_000_000)
  progress.stop()
  return String(stderr.read() ?? '')
}

test('a terminal on stderr shows the progress', () => {
  expect(shown(true, false, true)).toContain('0/10 frames')
})

test('without a terminal on stderr nothing is shown', () => {
  expect(shown(false, false, true)).toBe('')
  expect(shown(false, true, false)).toBe('')
})

test('frames on the same screen are not disturbed', () => {
  expect(shown(true, true, true)).toBe('')
  expect(shown(true, true, false)).toContain('0/10 frames')
})
