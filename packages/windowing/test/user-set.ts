import type { Aggregate } from '../src/index.js'

/** The plainest state: a set of user numbers. */
export const userSets: Aggregate<Set<number>> = {
  create: () => new Set(),
  merge: (into, from) => {
    for (const user of from) into.add(user)
  },
  copy: (state) => new Set(state),
  save: (state) => [...state].sort((a, b) => a - b),
  load: (data) => new Set(data as number[]),
  measure: (state) => 48 + 16 * state.size,
}
