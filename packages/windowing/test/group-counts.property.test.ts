import fc from 'fast-check'
import { expect, it } from 'vitest'
import { GroupCounts } from '../src/store/group-counts.js'

it('groups are counted alike whether their ids are dense, sparse or both', () => {
  const id = fc.oneof(fc.nat({ max: 5000 }), fc.constantFrom(1023, 1024, 65_536, 2 ** 31, 2 ** 32 - 1))
  fc.assert(
    fc.property(fc.array(fc.tuple(id, fc.boolean()), { maxLength: 2000 }), (steps) => {
      const counts = new GroupCounts()
      const model = new Map<number, number>()
      for (const [group, up] of steps) {
        const before = model.get(group) ?? 0
        if (!up && before === 0) continue
        const after = before + (up ? 1 : -1)
        model.set(group, after)
        expect(counts.add(group, up ? 1 : -1)).toBe(after)
      }
      for (const [group, count] of model) expect(counts.get(group)).toBe(count)
    }),
    { numRuns: 100 },
  )
  const many = new GroupCounts()
  for (let group = 0; group < 100_000; group++) many.add(group, group % 3)
  for (let group = 0; group < 100_000; group += 777) expect(many.get(group)).toBe(group % 3)
})
