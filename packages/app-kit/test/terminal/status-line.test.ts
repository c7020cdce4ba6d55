import { expect, test } from 'vitest'
import { progressText } from '../../src/terminal/progress-text.js'
import { StatusLine } from '../../src/terminal/status-line.js'

/** A terminal that keeps what it shows: rows, the last of which is where the cursor is. */
class Terminal {
  readonly isTTY = true
  readonly columns: number
  writes = 0
  #rows = ['']

  constructor(columns = 80) {
    this.columns = columns
  }

  get rows(): readonly string[] {
    return this.#rows
  }

  write(text: string): void {
    this.writes++
    for (const piece of text.replaceAll('\x1b[K', '').split(/(\r|\n)/)) {
      if (piece === '\n') this.#rows.push('')
      else if (piece === '\r') this.#rows[this.#rows.length - 1] = ''
      else this.#rows[this.#rows.length - 1] += piece
    }
  }
}

test('results scroll above the line, which is drawn again below them', () => {
  const screen = new Terminal()
  let now = 0
  const line = new StatusLine(screen, () => now)
  line.update(() => 'one')
  line.clear()
  screen.write('result\n')
  now += 200
  line.update(() => 'two')
  expect(screen.rows).toEqual(['result', 'two'])
  line.clear()
  expect(screen.rows).toEqual(['result', ''])
})

test('the line is drawn at most ten times a second', () => {
  const screen = new Terminal()
  let now = 0
  const line = new StatusLine(screen, () => now)
  for (; now < 1000; now++) line.update(() => String(now))
  expect(screen.writes).toBe(10)
})

test('where there is no terminal nothing is written', () => {
  const screen = { isTTY: false, write: () => expect.fail('written') }
  const line = new StatusLine(screen)
  line.update(() => expect.fail('made'))
  line.clear()
})

const figures = ['1,234,567 lines', '812 MB/s', '1234.5 MB']

test.each([10, 20, 39, 40, 60, 79, 200])('a text fits %d columns, the share first', (columns) => {
  for (const share of [0, 0.42, 1, null]) {
    expect(progressText({ share, figures }, columns).length).toBeLessThanOrEqual(columns)
  }
  expect(progressText({ share: 0.42, figures }, columns)).toContain('42%')
})

test('at 40 columns there are share and lines, at 79 a bar and every figure', () => {
  expect(progressText({ share: 0.5, figures }, 39)).toBe(' 50%  1,234,567 lines  812 MB/s')
  expect(progressText({ share: 0.5, figures }, 79)).toBe(
    `${'█'.repeat(15)}${'░'.repeat(15)}  50%  ${figures.join('  ')}`,
  )
  expect(progressText({ share: null, figures }, 79)).toBe(figures.join('  '))
})
