import { describe, expect, it } from 'vitest'
import { Deployment } from './deployment.js'
import { begin, type Frame } from './logs.js'
import { options, truth } from './truth.js'

const frame = (time: number, user = 0, group = 1): Frame => ({ time: begin + time, user, group, status: 0 })

describe('counters and a merger', () => {
  it('publish the rolling views that a partition has passed, however often its progress was sent', () => {
    // The second frame is of a group too many: it moves the watermark and is in no window.
    const input = [frame(-121_000), frame(0, 0, 2)]
    const config = options({ maxGroups: 1, groupOverflow: 'reject' })
    const undisturbed = new Deployment(config, [input])
    undisturbed.finish()
    const disturbed = new Deployment(config, [input])
    disturbed.counter(0).flow(2, 'commit')
    disturbed.finish()
    expect(truth(disturbed)).toEqual(truth(undisturbed))
    const views = undisturbed.results.filter(({ window }) => window === '3m/1m')
    expect(views.map(({ end }) => end - begin)).toEqual([-120_000, -60_000])
  })

  it('write a large state whole where it was copied from one that had been written before', () => {
    const input = [0, 1, 2, 3, 4].map((user) => frame(user, user))
    const deployment = new Deployment(options(), [input])
    deployment.counter(0).flow(5, 'commit')
    deployment.merging.read(Number.POSITIVE_INFINITY)
    // The base window is saved before anything coarser has taken its users over.
    deployment.merging.step('commit')
    deployment.merging.announce(Number.POSITIVE_INFINITY, 1000)
    deployment.merging.step('commit')
    deployment.merging.crash()
    deployment.finish()
    const counts = deployment.results.map(({ window, end, count }) => [window, end - begin, count])
    expect(counts).toEqual([
      ['1m', 60_000, 5],
      ['3m/1m', 60_000, 5],
      ['5m', 300_000, 5],
    ])
  })
})
