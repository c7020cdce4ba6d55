import type { CountingOptions, WindowResult } from '@card/counting'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Frame, logs } from '../../../../../packages/counting/test/logs.js'
import { options } from '../../../../../packages/counting/test/truth.js'
import { Cluster, type Defect } from './cluster.js'

type Action =
  | { readonly does: 'read'; readonly who: number; readonly which: number; readonly most: number }
  | { readonly does: 'act' | 'hear' | 'hear of the group' | 'tick' | 'die'; readonly who: number }
  | { readonly does: 'rebalance'; readonly members: number; readonly turn: number }

const who = fc.nat({ max: 3 })
const of = (does: 'act' | 'hear' | 'hear of the group' | 'tick' | 'die', weight: number) => ({
  arbitrary: who.map((who): Action => ({ does, who })),
  weight,
})

/** Workers that read, are told things, and do them, with rebalances, deaths and zombies between. */
const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    {
      arbitrary: fc.record({
        does: fc.constant('read' as const),
        ...{ who, which: fc.nat({ max: 5 }), most: fc.nat({ max: 12 }) },
      }),
      weight: 10,
    },
    of('act', 15),
    of('hear', 15),
    of('hear of the group', 5),
    of('tick', 3),
    of('die', 1),
    {
      arbitrary: fc.record({
        does: fc.constant('rebalance' as const),
        ...{ members: fc.nat({ max: 7 }), turn: fc.nat({ max: 4 }) },
      }),
      weight: 2,
    },
  ),
  { minLength: 100, maxLength: 400, size: 'max' },
)

function perform(action: Action, cluster: Cluster): void {
  cluster.now += 7
  if (action.does === 'rebalance') {
    while (cluster.workers.length < 3) cluster.start()
    // Some are left out, and do not know yet.
    const members = cluster.workers.filter((_, i) => (action.members >> i) & 1)
    cluster.share(members, action.turn)
    return
  }
  const { workers } = cluster
  if (workers.length === 0) return
  const worker = workers[action.who % workers.length]!
  if (action.does === 'read') worker.read(action.which, action.most)
  else if (action.does === 'act') worker.act()
  else if (action.does === 'hear') worker.hear()
  else if (action.does === 'hear of the group') worker.hearOfGroup()
  else if (action.does === 'tick') worker.tell({ kind: 'tick', partitions: [] })
  else cluster.kill(worker)
}

/** Plays a script, then lets one fresh worker, and the zombies that are left, come to the end. */
function play(
  script: readonly Action[],
  config: CountingOptions,
  inputs: readonly Frame[][],
  defect: Defect,
) {
  const cluster = new Cluster(config, inputs, defect)
  cluster.start()
  cluster.start()
  cluster.share(cluster.workers, 0)
  for (const action of script) perform(action, cluster)
  const last = cluster.start()
  cluster.share([last], 0)
  last.tell({
    kind: 'known',
    partitions: cluster.partitions,
    ends: new Map(inputs.map((log, p) => [`t/${p}`, log.length])),
  })
  for (let round = 0; !last.hasFinished; round++) {
    if (round > 5000) throw new Error('Expected the last worker to finish')
    cluster.now += 25
    for (const worker of cluster.workers) {
      worker.act()
      worker.hear()
      worker.tell({ kind: 'tick', partitions: [] })
      worker.read(round, 8)
      if (worker !== last && round % 7 === 0) worker.hearOfGroup()
    }
    last.hearOfGroup()
    last.endInputs()
  }
  return { ...truth(cluster.results), refused: refusedOf(cluster), sums: last.sums, fenced: cluster.fenced }
}

/** What a reader knows in the end, who has seen no window go back to an older revision. */
function truth(results: readonly WindowResult[]) {
  const newest = new Map<string, WindowResult>()
  for (const result of results) {
    const { window, start, group, total = false, revision } = result
    const key = JSON.stringify([window, start, group, total])
    expect(revision).toBe((newest.get(key)?.revision ?? -1) + 1)
    newest.set(key, result)
  }
  const contents = [...newest].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    contents: contents.map(([key, { events, count, image }]) => [key, events, count, image?.join()]),
  }
}

function refusedOf({ refused }: Cluster): string[] {
  return refused.map(({ refusal, line }) => `${line.source} ${line.offset} ${refusal} ${line.line}`).sort()
}

const inputs = fc.array(logs({ flips: false }), { minLength: 1, maxLength: 3 })
const flipped = fc.array(logs({ flips: true }), { minLength: 1, maxLength: 2 })

describe('workers that share a job', () => {
  test.each([
    ['without a guard', inputs, options()],
    [
      'with late frames, totals and few groups',
      inputs,
      options({ lateness: 90_000, totals: true, maxGroups: 1 }),
    ],
    ['with frames in the far-future guard', flipped, options({ maxAhead: 5_000 })],
  ])('come to the same as one undisturbed worker, %s', (_, logsOf, config) => {
    fc.assert(
      fc.property(logsOf, actions, (inputs, script) => {
        const { fenced, ...disturbed } = play(script, config, inputs, 'none')
        const { fenced: none, ...undisturbed } = play([], config, inputs, 'none')
        expect(disturbed).toEqual(undisturbed)
        expect(none).toBe(0)
      }),
      { numRuns: 80 },
    )
  })

  test.each<Defect>(['read-before-fence', 'no-fence', 'offsets-before-outputs'])('%s is caught', (defect) => {
    const { failed } = fc.check(
      fc.property(inputs, actions, (inputs, script) => {
        const { fenced: _, ...disturbed } = play(script, options(), inputs, defect)
        const { fenced: __, ...undisturbed } = play([], options(), inputs, 'none')
        expect(disturbed).toEqual(undisturbed)
      }),
      { numRuns: 1500, endOnFailure: true, seed: 5 },
    )
    expect(failed).toBe(true)
  })
})
