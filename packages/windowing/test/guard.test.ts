import { describe, expect, it } from 'vitest'
import { Guard, type HeldFrame } from '../src/guard.js'
import { fixtureLines } from './fixture-lines.js'

interface GuardLine {
  name: string
  config: { maxAhead: number }
  input: { k: string; t: number }[]
  expect: { processed: [number, number | null][]; ahead: number[] }
}

/** Runs the guard alone, as the engine does, one frame after the other. */
function run(line: GuardLine): GuardLine['expect'] {
  const guard = new Guard(line.config.maxAhead)
  const keys = new Map<string, number>()
  const processed: [number, number | null][] = []
  const ahead: number[] = []
  const process = (frame: HeldFrame) => processed.push([frame.offset, guard.reference])
  line.input.forEach(({ k, t }, index) => {
    if (!keys.has(k)) keys.set(k, keys.size)
    const hash = [keys.get(k)!, 0, 0, 0] as const
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

describe('the far-future guard gives the processed and the lost frames of the model', () => {
  it.each(fixtureLines<GuardLine>('guard.jsonl'))('$name', (line) => {
    const found = run(line)
    expect(found.processed).toEqual(line.expect.processed)
    expect(found.ahead).toEqual(line.expect.ahead)
  })
})
