import { GroupTable } from '@card/frames'
import { type Pane, totalGroup } from '@card/windowing'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { GroupOrder } from '../src/merge/group-order.js'

const paneOf = (group: number) => ({ group }) as Pane<null>

it('panes come in the order of their groups, the null group first and the total last, however many groups are known', () => {
  const texts = fc.uniqueArray(fc.string({ maxLength: 3 }), { maxLength: 60 })
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 20 }), fc.boolean(), (known, every, sweeps) => {
      const groups = new GroupTable()
      const ids = known.map((text) => groups.id(text)).filter((_, i) => i % every === 0)
      if (sweeps) groups.sweep((id) => ids.includes(id))
      const order = new GroupOrder(groups)
      const panes = [totalGroup, ...ids.reverse(), 0].map(paneOf)
      // What is outside of the range stays where it is.
      const all = [paneOf(7), ...panes, paneOf(8)]
      for (let times = 0; times < 2; times++) order.sort(all, 1, all.length - 1)
      const sorted = [0, ...ids.sort((a, b) => groups.compare(a, b)), totalGroup]
      expect(all.map(({ group }) => group)).toEqual([7, ...sorted, 8])
    }),
  )
})
