import { expect, test } from 'vitest'
import { WindowEngine } from '../src/index.js'

test('unfinished counts each group of each visible window until its content is published', () => {
  const engine = new WindowEngine<null>({
    sizes: [
      { name: '1m', length: 60_000 },
      { name: '1h', length: 3_600_000 },
    ],
    aggregate: {
      create: () => null,
      merge: () => {},
      copy: () => null,
      save: () => null,
      load: () => null,
      measure: () => 0,
    },
    allowedLateness: 600_000,
  })
  const push = (...rows: [time: number, group: number][]) => {
    const columns = {
      time: Float64Array.from(rows, ([time]) => time),
      group: Uint32Array.from(rows, ([, group]) => group),
    }
    for (let row = 0; row < rows.length; ) {
      row = engine.push(0, columns, row, rows.length)
      engine.takePanes()
    }
  }
  expect(engine.unfinished).toBe(0)
  push([0, 0], [1_000, 1])
  expect(engine.unfinished).toBe(4)
  push([61_000, 1])
  // The first minute is final for both groups; the second minute and both hours wait.
  expect(engine.unfinished).toBe(3)
  push([2_000, 0])
  // A correction that has not come out yet.
  expect(engine.unfinished).toBe(4)
  engine.flush()
  engine.takePanes()
  expect(engine.unfinished).toBe(0)
})
