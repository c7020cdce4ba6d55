import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UserSets } from '../../src/truth/user-sets.js'

test('many sets hold what plain Sets hold, small ones in the table and large ones as bits', () => {
  const additions = fc.array(fc.tuple(fc.integer({ min: 0, max: 90 }), fc.nat(5000)), { maxLength: 400 })
  fc.assert(
    fc.property(fc.constantFrom(5001, 100_000), additions, fc.nat(5000), (users, added, crowd) => {
      const sets = new UserSets(users)
      const model = new Map<number, Set<number>>()
      const add = (set: number, user: number) => {
        sets.add(set, user)
        if (!model.has(set)) model.set(set, new Set())
        model.get(set)?.add(user)
      }
      for (const [set, user] of added) add(set, user)
      // Twice: what a set forgot when it became bits would be counted again.
      for (let user = 0; user < 2 * crowd; user++) add(3, user % crowd)
      for (const [set, user] of added) add(set, user)
      for (let set = 0; set <= 90; set++) expect(sets.size(set)).toBe(model.get(set)?.size ?? 0)
    }),
    { numRuns: 60 },
  )
})
