import { describe, expect, it } from 'vitest'
import { WindowEngine } from '../src/index.js'
import { Driver } from './drive.js'
import { userSets } from './user-set.js'

const event = (t: number) => ({ p: 0, t, user: 0, group: 0 })

function driverOf(retention: Record<string, number>, allowedLateness = 0): Driver {
  const sizes = [
    { name: '1m', length: 60_000 },
    { name: '1h', length: 3_600_000 },
  ]
  return new Driver(new WindowEngine({ sizes, aggregate: userSets, retention, allowedLateness }))
}

describe('retention', () => {
  it('lets windows go in event time, each size by its own, and says so once', () => {
    const driver = driverOf({ '1m': 60_000, '1h': 3_600_000 })
    expect(driver.engine.takeExpired()).toEqual([])
    driver.push([event(0), event(119_999)])
    expect(driver.engine.takeExpired()).toEqual([
      { window: '1m', before: 0 },
      { window: '1h', before: -3_600_000 },
    ])
    driver.push([event(120_000)])
    expect(driver.engine.takeExpired()).toEqual([{ window: '1m', before: 60_000 }])
    expect(driver.engine.takeExpired()).toEqual([])
    driver.push([event(7_200_000)])
    expect(driver.engine.takeExpired()).toEqual([
      { window: '1m', before: 7_140_000 },
      { window: '1h', before: 3_600_000 },
    ])
  })

  it('is refused below the allowed lateness, and of sizes that are not there', () => {
    expect(() => driverOf({ '1m': 10, '2m': 5 }, 20)).toThrow(/"1m" not below allowedLateness.*found "2m"/)
  })
})
