import type { Pane } from '@card/windowing'
import { expect, test } from 'vitest'
import { AheadOfWatermark } from '../../src/counting/ahead-of-watermark.js'

const name = { window: '1m', start: 0, group: null }

function pane(
  events: number,
  revision: number,
  kind: Pane<null>['kind'] = 'final',
  last = false,
): Pane<null> {
  const place = { window: '1m', size: 0, start: 0, end: 60_000, group: 0, watermark: 0, state: null }
  return { ...place, kind, revision, events, added: 0, last }
}

const fate = (kind: string, revision: number) => expect.objectContaining({ kind, revision })

test('what was published ahead is not said again, and its revision is counted once', () => {
  const ahead = new AheadOfWatermark()
  expect(ahead.publish(pane(5, 0), name, '5')).toEqual(fate('final', 0))
  expect(ahead.settle(pane(5, 0), name, '5')).toBeNull()
  expect(ahead.settle(pane(6, 1, 'corrected'), name, '6')).toEqual(fate('corrected', 1))
})

test('what changed since is a correction of a higher revision', () => {
  const ahead = new AheadOfWatermark()
  ahead.publish(pane(5, 0), name, '5')
  expect(ahead.publish(pane(7, 0), name, '7')).toEqual(fate('corrected', 1))
  expect(ahead.settle(pane(8, 0, 'final'), name, '8')).toEqual(fate('corrected', 2))
  expect(ahead.settle(pane(9, 1, 'corrected'), name, '9')).toEqual(fate('corrected', 3))
})

test('windows of which nothing follows are forgotten', () => {
  const ahead = new AheadOfWatermark()
  ahead.publish(pane(5, 0), name, '5')
  ahead.settle(pane(5, 0, 'final', true), name, '5')
  expect(ahead.size).toBe(0)
  ahead.publish(pane(5, 0), name, '5')
  ahead.forget(59_999)
  expect(ahead.size).toBe(1)
  ahead.forget(60_000)
  expect(ahead.size).toBe(0)
})

test('windows that were never published ahead pass as they are', () => {
  const ahead = new AheadOfWatermark()
  ahead.publish(pane(5, 0), { ...name, group: 'other' }, '5')
  const due = pane(5, 3, 'corrected')
  expect(ahead.settle(due, name, '5')).toBe(due)
})
