import { describe, expect, it } from 'vitest'
import { Guard, type HeldFrame } from '../src/guard/guard.js'
import { fixtureLines } from './fixture-lines.js'
import { driveGuard, shown } from './guard-drive.js'
import { guardModel } from './guard-model.js'

interface GuardLine {
  name: string
  config: { maxAhead: number }
  input: { k: string; t: number }[]
  expect: { processed: [number, number | null][]; ahead: number[] }
}

/** The frames of a line, their keys numbered in order of arrival. */
function framesOf({ input }: GuardLine) {
  const keys = new Map<string, number>()
  return input.map(({ k, t }) => {
    if (!keys.has(k)) keys.set(k, keys.size)
    return { key: keys.get(k)!, t, beyond: false }
  })
}

/** Runs the guard alone, as the engine does, one frame after the other. */
function run(line: GuardLine): GuardLine['expect'] {
  const guard = new Guard(line.config.maxAhead)
  const processed: [number, number | null][] = []
  const ahead: number[] = []
  const process = (frame: HeldFrame) => processed.push([frame.offset, guard.reference])
  framesOf(line).forEach(({ key, t }, index) => {
    const hash = [key, 0, 0, 0] as const
    if (guard.reaches(t)) {
      guard.accepted()
      guard.show(...hash)
      if (t > guard.reference) guard.reference = t
      processed.push([index, guard.reference])
      guard.release().forEach(process)
      return
    }
    const frame = { ticket: guard.nextTicket, time: t, group: 0, offset: index, hash, evidence: true }
    const oldest = guard.hold(frame)
    if (oldest !== undefined) ahead.push(oldest.offset)
    for (let moved = guard.move(); moved !== undefined; moved = guard.move()) moved.forEach(process)
  })
  const rest = guard.flush()
  for (const frame of rest.processed) processed.push([frame.offset, null])
  for (const frame of rest.ahead) ahead.push(frame.offset)
  return { processed, ahead }
}

describe('the far-future guard gives the processed and the lost frames of the vectors', () => {
  const lines = fixtureLines<GuardLine>('guard.jsonl')

  it.each(lines)('$name', (line) => {
    expect(run(line)).toEqual(line.expect)
  })

  it.each(lines)('$name, inside the engine, frame by frame and as one batch', (line) => {
    const frames = framesOf(line)
    const { maxAhead } = line.config
    const { trusted } = guardModel(frames, maxAhead)
    for (const batches of [true, false]) {
      const cut = () => batches
      const found = driveGuard(frames, maxAhead, { cut, restart: cut })
      expect(found).toEqual(shown({ ...line.expect, trusted }, cut))
    }
  })

  it.each(lines)('$name, by the model that random streams are compared with', (line) => {
    const { processed, ahead } = guardModel(framesOf(line), line.config.maxAhead)
    expect({ processed, ahead }).toEqual(line.expect)
  })
})
