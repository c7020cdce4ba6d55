import { StatusLine } from '@card/app-kit'
import { expect, test } from 'vitest'
import { showProgress } from '../../src/output/progress.js'

/** What a run of ten frames shows on a terminal. */
function shown(isTTY: boolean): string {
  let text = ''
  const screen = {
    isTTY,
    columns: 80,
    write: (piece: string) => {
      text += piece
    },
  }
  const progress = showProgress('generating', 10, new StatusLine(screen))
  progress.update(5, 3_000_000)
  progress.stop()
  return text
}

test('a terminal shows the share and the sums, and the line is removed at the end', () => {
  expect(shown(true)).toContain('50%  5 frames  3 MB')
  expect(shown(true).endsWith('\r\x1b[K')).toBe(true)
})

test('without a terminal nothing is shown', () => {
  expect(shown(false)).toBe('')
})
