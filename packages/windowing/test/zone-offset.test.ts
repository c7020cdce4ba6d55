import { expect, it } from 'vitest'
import { zoneOffset } from '../src/index.js'

const minute = 60_000
const hour = 60 * minute

it.each([
  ['UTC', '2016-07-11T13:39:00Z', 0],
  ['Europe/Berlin', '2016-07-11T13:39:00Z', 2 * hour],
  ['Europe/Berlin', '2016-10-30T00:59:59.999Z', 2 * hour],
  ['Europe/Berlin', '2016-10-30T01:00:00Z', hour],
  ['Europe/Berlin', '1893-03-31T00:00:00Z', 53 * minute + 28_000],
  ['America/St_Johns', '2016-01-01T00:00:00Z', -(3 * hour + 30 * minute)],
  ['Asia/Kathmandu', '2016-01-01T00:00:00Z', 5 * hour + 45 * minute],
  ['Australia/Lord_Howe', '2016-04-02T14:59:59Z', 11 * hour],
  ['Australia/Lord_Howe', '2016-04-02T15:00:00Z', 10 * hour + 30 * minute],
])('the offset of %s at %s is %i ms', (zone, time, offset) => {
  expect(zoneOffset(zone)(Date.parse(time))).toBe(offset)
})

it('a zone that Intl does not know is refused', () => {
  expect(() => zoneOffset('Europe/Nowhere')).toThrow(expect.objectContaining({ code: 'bad-option' }))
})
