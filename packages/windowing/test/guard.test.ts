import { describe, expect, it } from 'vitest'
import { fixtureLines } from './fixture-lines.js'
import { engineFate, guardFate, modelFate, seenByEngine } from './guard-drive.js'

interface GuardLine {
  name: string
  config: { maxAhead: number; horizon: number }
  input: { k: string; t: number }[]
  expect: { processed: [number, number | null][]; ahead: number[] }
}

/** The frames of a line, their keys numbered in order of arrival. */
function framesOf({ input }: GuardLine) {
  const keys = new Map<string, number>()
  return input.map(({ k, t }) => {
    if (!keys.has(k)) keys.set(k, keys.size)
    return { key: keys.get(k)!, t }
  })
}

describe('the far-future guard counts and loses the frames of the vectors', () => {
  const lines = fixtureLines<GuardLine>('guard.jsonl')

  it.each(lines)('$name', (line) => {
    const { processed, ahead } = guardFate(framesOf(line), line.config)
    expect({ processed, ahead }).toEqual(line.expect)
  })

  it.each(lines)(
    '$name, inside the engine, as one batch, frame by frame and restored before each',
    (line) => {
      const frames = framesOf(line)
      const fate = modelFate(frames, line.config)
      for (const [cut, restart] of [
        [false, false],
        [true, false],
        [true, true],
      ] as const) {
        const restarts = { restart: () => restart }
        const found = engineFate(frames, line.config, () => cut, restarts)
        expect(found).toEqual(seenByEngine({ ...fate, ...line.expect }, () => cut, restarts))
      }
    },
  )

  it.each(lines)('$name, by the model that random streams are compared with', (line) => {
    const { processed, ahead } = modelFate(framesOf(line), line.config)
    expect({ processed, ahead }).toEqual(line.expect)
  })
})
