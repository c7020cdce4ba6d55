import { GroupTable } from '@card/frames'
import { expect, test, vi } from 'vitest'
import { batchOf, begin } from '../../../../../packages/counting/test/logs.js'
import { options } from '../../../../../packages/counting/test/truth.js'
import { DurableCore } from '../../../src/core/durable/durable-core.js'
import type { DurableEffect } from '../../../src/core/durable/effects.js'
import type { DurableInput } from '../../../src/core/durable/inputs.js'

const never = Number.POSITIVE_INFINITY

class Driven {
  readonly groups = new GroupTable()
  readonly core = new DurableCore(
    { outOfOrder: 5_000, idleTimeout: 2_000, early: never, checkpointInterval: 30_000 },
    {
      counting: { ...options(), durable: true },
      groups: this.groups,
      wanted: { rejected: false, late: false },
    },
    0,
  )

  tell(input: DurableInput, now = 0, wall = 0): DurableEffect[] {
    const effects = this.core.handle(input, now, wall)
    // What a step saves is written at once.
    for (const effect of effects) if (effect.kind === 'step') for (const _ of effect.step.step.save!.changes);
    return effects
  }

  /** Has the core own an input partition that begins at 0. */
  own(owner: string, now = 0): void {
    const term = this.restoring(owner)
    const outcome = { kind: 'born', position: 0, incarnation: 0 } as const
    this.tell({ kind: 'restoring', owner, term, outcome }, now)
    this.tell({ kind: 'step', owner, term, outcome: 'done', isFragmented: false }, now)
  }

  /** Brings an owner as far as the restore. @returns its term */
  restoring(owner: string): number {
    const [asked] = this.tell({ kind: 'take-over', owner, generation: 1 })
    const { term } = asked as Extract<DurableEffect, { kind: 'heartbeat' }>
    this.tell({ kind: 'heartbeat', owner, term, outcome: 'accepted' })
    this.tell({ kind: 'fencing', owner, term, outcome: 'done' })
    return term
  }

  rows(owner: string, frames: number): DurableEffect[] {
    const all = Array.from({ length: frames }, (_, i) => ({ time: begin + i, user: i, group: 1, status: 0 }))
    const batch = batchOf(all, 0, this.groups)
    return this.tell({ kind: 'rows', owner, batch, areGroupIdsInUse: false })
  }
}

test('group ids are not freed while a state is being read back, which has ids that no owner knows of yet', () => {
  const driven = new Driven()
  driven.own('count/t/0')
  const sweep = vi.spyOn(driven.groups, 'sweep')
  vi.spyOn(driven.groups, 'size', 'get').mockReturnValue(1_000_000)
  const term = driven.restoring('count/t/1')
  driven.rows('count/t/0', 3)
  expect(sweep).not.toHaveBeenCalled()
  const outcome = { kind: 'born', position: 0, incarnation: 0 } as const
  driven.tell({ kind: 'restoring', owner: 'count/t/1', term, outcome })
  driven.tell({ kind: 'step', owner: 'count/t/1', term, outcome: 'done', isFragmented: false })
  driven.rows('count/t/0', 3)
  expect(sweep).toHaveBeenCalledOnce()
})

test('a step is taken when there is news, at the checkpoint interval, and at a stop', () => {
  const driven = new Driven()
  const owner = 'count/t/0'
  driven.own(owner)
  driven.rows(owner, 3)
  const input = { lines: 3, bytes: 9, blank: 0, fallbacks: 0 }
  expect(driven.tell({ kind: 'counted', owner, next: 3, input })).toEqual([])
  // By then the group is told how far it is, for tools that show lag.
  expect(driven.tell({ kind: 'tick', partitions: [] }, 29_999)).toMatchObject([
    { kind: 'hint', offsets: [{ owner, position: 3 }] },
  ])
  const [step] = driven.tell({ kind: 'tick', partitions: [] }, 30_000).filter(({ kind }) => kind === 'step')
  expect(step).toMatchObject({ owner, step: { stage: 'count', input } })
  const { term } = step as Extract<DurableEffect, { kind: 'step' }>
  driven.tell({ kind: 'step', owner, term, outcome: 'done', isFragmented: true }, 30_001)
  // Nothing has changed since: a stop needs no step.
  expect(driven.tell({ kind: 'stop' }, 30_002)).toEqual([{ kind: 'finish' }])
})

test('a stop waits for the step under way, and takes a last one for what was counted since', () => {
  const driven = new Driven()
  const owner = 'count/t/0'
  driven.own(owner)
  driven.rows(owner, 3)
  const input = { lines: 3, bytes: 9, blank: 0, fallbacks: 0 }
  driven.tell({ kind: 'counted', owner, next: 3, input })
  const [last] = driven.tell({ kind: 'stop' }, 10)
  expect(last).toMatchObject({ kind: 'step', owner })
  const { term } = last as Extract<DurableEffect, { kind: 'step' }>
  const done = { kind: 'step', owner, term, outcome: 'done', isFragmented: false } as const
  expect(driven.tell(done, 20)).toEqual([{ kind: 'finish' }])
})

test('an idle partition is told to mergers at once, when the brokers say that nothing more has come', () => {
  const driven = new Driven()
  const owner = 'count/t/0'
  driven.own(owner)
  driven.rows(owner, 3)
  const input = { lines: 3, bytes: 9, blank: 0, fallbacks: 0 }
  driven.tell({ kind: 'counted', owner, next: 3, input })
  const at = {
    partition: owner,
    position: 3,
    caughtUp: true,
    paused: false,
    waitsForTransaction: false,
    ended: false,
  }
  driven.tell({ kind: 'tick', partitions: [at] }, 1_000)
  driven.tell({ kind: 'tick', partitions: [at] }, 2_000)
  const effects = driven.tell({ kind: 'tick', partitions: [at] }, 3_000)
  const [asked] = effects.filter(({ kind }) => kind === 'ask-ends')
  const { id } = asked as Extract<DurableEffect, { kind: 'ask-ends' }>
  const answered = driven.tell({ kind: 'ends', id, elapsed: 3, ends: new Map([[owner, 3]]) }, 3_010)
  expect(answered).toMatchObject([
    { kind: 'step', step: { step: { progress: { status: 'idle', upTo: 3 } } } },
  ])
})
