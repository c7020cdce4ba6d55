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

test('the cursor is not put back to where it was at the beginning, over what was printed since', () => {
  const text = shown(true, false, true)
  expect([text.includes('\x1b7'), text.includes('\x1b8')]).toEqual([false, false])
  // The line is cleared where it is, and the cursor shown again.
  expect(text.endsWith('\x1b[?25h\x1b[?7h\x1b[1G\x1b[2K')).toBe(true)
})
