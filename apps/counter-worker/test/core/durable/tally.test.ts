import { expect, test } from 'vitest'
import { Tally } from '../../../src/core/durable/tally.js'

const rows = { counted: 10, late: 2, ahead: 1, tooManyGroups: 3, held: 4, rejected: [0, 5, 0] }
const results = { published: { windows: 3, early: 1, final: 2, corrected: 1 }, closed: 2 }

test('is of what came since, where it is told what was before', () => {
  const tally = new Tally()
  const before = { ...rows, counted: 4, late: 1, tooManyGroups: 1, rejected: [0, 2] }
  tally.addRows(rows, before)
  tally.addResults(results, { ...results, closed: 1 })
  expect(tally.sums).toEqual({
    ...{ counted: 5, late: 1, ahead: 0, tooManyGroups: 2, held: 4, closed: 1, rejected: [0, 3, 0] },
    published: { windows: 0, early: 0, final: 0, corrected: 0 },
  })
})

test('added to another one has the same sums, but for the frames that are held elsewhere by now', () => {
  const [one, other] = [new Tally(), new Tally()]
  one.addRows(rows)
  one.addResults(results)
  other.add(one)
  expect(other.sums).toEqual({ ...one.sums, held: 0 })
})

test('of a worker that only merges has no negative sum, though frames of other workers came too late for it', () => {
  const [one, all] = [new Tally(), new Tally()]
  one.addResults(results)
  all.add(one)
  expect(all.sums).toMatchObject({ counted: 0, closed: 2 })
  // Counted by this worker after all.
  all.addRows(rows)
  expect(all.sums).toMatchObject({ counted: 8, closed: 2 })
})
