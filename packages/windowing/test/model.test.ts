import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Driver, type PlainPane, type Record } from './drive.js'
import { engineOf, histories, run } from './histories.js'
import { model } from './model.js'

/** Groups of one window come in order of arrival, which the model does not keep. */
function byGroup({ panes, ...rest }: Record): Record {
  const step = (pane: PlainPane) => `${pane.after} ${pane.kind === 'final'} ${pane.end} ${pane.window}`
  const groups = new Map<string, PlainPane[]>()
  for (const pane of panes) groups.set(step(pane), [...(groups.get(step(pane)) ?? []), pane])
  return { ...rest, panes: [...groups.values()].flatMap((same) => same.sort((a, b) => a.group - b.group)) }
}

describe('the engine and the plain model', () => {
  it('agree on every pane, late, lost and rejected event of random histories', () => {
    fc.assert(
      fc.property(histories, ({ options, flush, input }) => {
        const { record } = run(new Driver(engineOf(options)), { input, flush })
        expect(byGroup(record)).toEqual(byGroup(model(options, input, flush)))
      }),
      { numRuns: 10_000 },
    )
  })
})
