import { expect, test } from 'vitest'
import { OddTimes } from '../../src/advice/odd-times.js'
import { countTimes } from './count-times.js'

const noon = 1_468_238_400

/** Five users in turn, one frame a second. */
const steady = (from: number, seconds: number) =>
  Array.from({ length: seconds }, (_, i) => ({ user: `u${i % 5}`, time: from + i }))

test('nothing is said of a stream in order', () => {
  expect(countTimes([], steady(noon, 3000)).warnings).toEqual([])
})

test('a held frame is reported, with the frame', () => {
  const year = { user: 'far', time: noon + 365 * 86_400 }
  const { warnings, figures } = countTimes([], [...steady(noon, 60), year, ...steady(noon + 60, 60)])
  expect(warnings).toMatchObject([
    { kind: 'held', source: '-', time: year.time * 1000, example: { offset: 60 } },
  ])
  expect(
    Buffer.from((warnings[0] as never as { example: { line: Uint8Array } }).example.line).toString(),
  ).toBe(`{"uid":"far","ts":${year.time}}`)
  expect(figures.timesOf('-')).toEqual({ held: 1, beyondHorizon: 1, leaps: 0, lateRatio: 0 })
})

test('a leap of the trusted time is reported, with both times', () => {
  const { warnings, figures } = countTimes([], [...steady(noon, 60), ...steady(noon + 86_400, 60)])
  expect(warnings.filter(({ kind }) => kind === 'leap')).toEqual([
    { kind: 'leap', source: '-', from: (noon + 59) * 1000, to: (noon + 86_400) * 1000 },
  ])
  expect(figures.timesOf('-').leaps).toBe(1)
})

test('a partition of which more than half of 1,000 frames is late is reported once, until it gets better', () => {
  const late = steady(noon - 600, 501).map(({ user }) => ({ user, time: noon - 600 }))
  const stream = [...steady(noon, 500), ...late, ...steady(noon + 500, 1000), ...late, ...late]
  const { warnings, figures } = countTimes([], stream, 10)
  expect(warnings.map(({ kind }) => kind)).toEqual(['mostly-late', 'mostly-late'])
  expect(warnings[0]).toMatchObject({ source: '-', example: { offset: expect.any(Number) } })
  expect(figures.timesOf('-').lateRatio).toBe(1)
})

test('a stream of odd times does not fill the log: a warning of each kind a minute, and how many were left out', () => {
  let now = 0
  const said: string[] = []
  const odd = new OddTimes(
    (text) => said.push(text),
    () => now,
  )
  const line = new TextEncoder().encode('{"uid":"a\u001b[2J","ts":4102444800}')
  const held = () =>
    odd.warn({
      kind: 'held',
      source: 't/0',
      time: 4_102_444_800_000,
      example: { source: 't/0', offset: 7, line },
    })
  for (let i = 0; i < 100; i++) held()
  odd.warn({ kind: 'leap', source: 't/0', from: 0, to: 86_400_000 })
  now = 60_000
  held()
  expect(said).toEqual([
    't/0: a frame of 2100-01-01T00:00:00.000Z is far ahead of all others; it is held until other frames corroborate its time: offset 7: {"uid":"a\\u001b[2J","ts":4102444800}',
    't/0: event time jumped from 1970-01-01T00:00:00.000Z to 1970-01-02T00:00:00.000Z, which several frames confirm; frames from before the jump are late from now on',
    expect.stringContaining('(99 more such cases since the last warning)'),
  ])
})
