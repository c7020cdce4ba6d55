import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type OwnerEffect, type OwnerEvent, OwnerLife } from '../../../src/core/durable/owner-life.js'

/** What a group and a transaction coordinator know of one owner. */
class Coordinators {
  generation = 0
  /** the worker that has the owner in this generation */
  assignee = -1
  epoch = 0
  /** steps committed, each on top of the one before */
  version = 0
  /** who was refused by its epoch, and could commit nothing */
  refused = 0

  /** A step that was built on `base`. @returns whether it is committed */
  commit(epoch: number, base: number): boolean {
    if (epoch !== this.epoch) {
      this.refused++
      return false
    }
    // The promise: whoever may write has read everything that was written before.
    expect(base).toBe(this.version)
    this.version++
    return true
  }
}

type Order = 'fence, then read' | 'read before fence' | 'no heartbeat'

/** A worker's side of it: runs the effects, each answer some moves later. */
class Member {
  readonly life = new OwnerLife()
  /** effects that wait to be run, and answers that wait to be heard */
  readonly effects: OwnerEffect[] = []
  readonly answers: OwnerEvent[] = []
  epoch = -1
  base = -1
  steps = 0
  step: { term: number; epoch: number; base: number } | null = null

  constructor(
    readonly id: number,
    readonly world: Coordinators,
    readonly order: Order,
  ) {}

  hear(event: OwnerEvent, now: number): void {
    for (const effect of this.life.handle(event, now)) {
      if (effect.kind === 'drop') this.step = null
      else if (effect.kind !== 'start') this.effects.push(effect)
    }
  }

  /** Runs the oldest effect. */
  act(): void {
    const effect = this.effects.shift()
    if (effect === undefined || effect.kind === 'drop' || effect.kind === 'start') return
    const { term } = effect
    const { world } = this
    switch (effect.kind) {
      case 'heartbeat': {
        const isMember = effect.generation === world.generation || this.order === 'no heartbeat'
        // Planted: what would be read after the fencing is read before it.
        if (this.order === 'read before fence') this.base = world.version
        this.answers.push({ kind: 'heartbeat', term, outcome: isMember ? 'accepted' : 'stale' })
        break
      }
      case 'fence':
        this.epoch = ++world.epoch
        this.answers.push({ kind: 'fencing', term, outcome: 'done' })
        break
      case 'restore': {
        if (this.order !== 'read before fence') this.base = world.version
        this.answers.push({ kind: 'restoring', term, outcome: this.base === 0 ? 'born' : 'done' })
        break
      }
      case 'birth':
        this.step = { term, epoch: this.epoch, base: this.base }
    }
  }

  /** Begins a step, or lets the one under way reach the coordinator. */
  commit(): void {
    if (this.step === null) {
      if (this.life.canStep) this.step = { term: this.life.beginStep(), epoch: this.epoch, base: this.base }
      return
    }
    const { term, epoch, base } = this.step
    this.step = null
    const committed = this.world.commit(epoch, base)
    if (committed) {
      this.base = base + 1
      this.steps++
    }
    this.answers.push({ kind: 'step', term, outcome: committed ? 'done' : 'lost' })
  }

  listen(now: number): void {
    const answer = this.answers.shift()
    if (answer !== undefined) this.hear(answer, now)
  }
}

type Move = {
  readonly what: 'act' | 'commit' | 'listen' | 'tick' | 'rebalance' | 'told'
  readonly who: number
}

/** Mostly progress, now and then a rebalance that some members hear of late. */
const moves = fc.array(
  fc.record<Move>({
    what: fc.oneof(
      ...(['act', 'commit', 'listen'] as const).map((what) => ({ arbitrary: fc.constant(what), weight: 8 })),
      { arbitrary: fc.constant('tick' as const), weight: 2 },
      { arbitrary: fc.constant('told' as const), weight: 4 },
      { arbitrary: fc.constant('rebalance' as const), weight: 1 },
    ),
    who: fc.nat(2),
  }),
  { minLength: 100, maxLength: 400, size: 'max' },
)

/** Runs moves in their order, then heals the group, and lets everyone go on in turns. */
function play(script: readonly Move[], order: Order) {
  const world = new Coordinators()
  const members = [0, 1, 2].map((id) => new Member(id, world, order))
  const told = [0, 0, 0]
  let now = 0
  /** A member hears of the current generation. */
  const tell = (who: number) => {
    if (told[who] === world.generation) return
    told[who] = world.generation
    const isMine = world.assignee === who
    members[who]!.hear(isMine ? { kind: 'assigned', generation: world.generation } : { kind: 'revoked' }, now)
  }
  const make = (move: Move) => {
    const member = members[move.who]!
    now += 10
    if (move.what === 'act') member.act()
    else if (move.what === 'commit') member.commit()
    else if (move.what === 'listen') member.listen(now)
    else if (move.what === 'tick') member.hear({ kind: 'tick' }, now)
    else if (move.what === 'told') tell(move.who)
    else {
      world.generation++
      world.assignee = move.who
    }
  }
  for (const move of script) make(move)
  world.generation++
  world.assignee = 0
  for (const who of [0, 1, 2]) tell(who)
  const before = members[0]!.steps
  for (let round = 0; round < 2000 && members[0]!.steps < before + 5; round++) {
    for (const what of ['act', 'listen', 'commit', 'tick'] as const) {
      for (const who of [0, 1, 2]) make({ what, who })
    }
  }
  return {
    world,
    steps: members[0]!.steps - before,
    others: members.slice(1).some(({ life }) => life.isOwned),
  }
}

test('of several workers only one writes at a time, on top of all that was written, and in the end the right one does', () => {
  fc.assert(
    fc.property(moves, (script) => {
      const { steps, others } = play(script, 'fence, then read')
      expect([steps, others]).toEqual([5, false])
    }),
    { numRuns: 2000 },
  )
})

test('a state that is read before the fencing is caught', () => {
  const found = fc.check(
    fc.property(moves, (script) => {
      play(script, 'read before fence')
    }),
    { numRuns: 2000 },
  )
  expect(found.failed).toBe(true)
})
