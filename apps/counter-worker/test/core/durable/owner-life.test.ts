import { describe, expect, test } from 'vitest'
import { type OwnerEffect, OwnerLife } from '../../../src/core/durable/owner-life.js'

const kinds = (effects: readonly OwnerEffect[]) => effects.map(({ kind }) => kind)

/** An owner, driven by the answers to its own questions. */
class Driven {
  readonly life = new OwnerLife()
  #last: OwnerEffect | undefined

  assigned(generation: number) {
    return this.#note(this.life.handle({ kind: 'assigned', generation }, 0))
  }

  answer(kind: 'heartbeat' | 'fencing' | 'restoring' | 'step', outcome: string, now = 0) {
    const term = this.#last !== undefined && 'term' in this.#last ? this.#last.term : -1
    return this.#note(this.life.handle({ kind, outcome, term } as never, now))
  }

  tick(now: number) {
    return this.#note(this.life.handle({ kind: 'tick' }, now))
  }

  own() {
    this.assigned(1)
    this.answer('heartbeat', 'accepted')
    this.answer('fencing', 'done')
    this.answer('restoring', 'done')
    return this
  }

  fail(outcome: 'lost' | 'fatal', now = 0) {
    const term = this.life.beginStep()
    return this.#note(this.life.handle({ kind: 'step', term, outcome }, now))
  }

  #note(effects: OwnerEffect[]) {
    this.#last = effects.findLast((effect) => 'term' in effect) ?? this.#last
    return kinds(effects)
  }
}

describe('an owner', () => {
  test('is taken over by a heartbeat, the fencing and the restore, in this order', () => {
    const owner = new Driven()
    expect(owner.assigned(3)).toEqual(['heartbeat'])
    expect(owner.life.takeover).toBe('waiting')
    expect(owner.answer('heartbeat', 'accepted')).toEqual(['fence'])
    expect(owner.life.takeover).toBe('fencing')
    expect(owner.answer('fencing', 'done')).toEqual(['restore'])
    expect(owner.life.takeover).toBe('restoring')
    expect(owner.life.isOwned).toBe(false)
    expect(owner.answer('restoring', 'done')).toEqual(['start'])
    expect([owner.life.isOwned, owner.life.takeover]).toEqual([true, null])
  })

  test('without state commits its birth before it is read', () => {
    const owner = new Driven()
    owner.assigned(1)
    owner.answer('heartbeat', 'accepted')
    owner.answer('fencing', 'done')
    expect(owner.answer('restoring', 'born')).toEqual(['birth'])
    expect(owner.life.canStep).toBe(false)
    expect(owner.answer('step', 'done')).toEqual(['start'])
    expect(owner.life.canStep).toBe(true)
  })

  test('whose birth fails is taken over again', () => {
    const owner = new Driven()
    owner.assigned(1)
    owner.answer('heartbeat', 'accepted')
    owner.answer('fencing', 'done')
    owner.answer('restoring', 'born')
    expect(owner.answer('step', 'lost')).toEqual(['drop'])
    expect(owner.tick(100)).toEqual(['heartbeat'])
  })

  test('that is not in the generation any more waits for the next assignment', () => {
    const owner = new Driven()
    owner.assigned(1)
    expect(owner.answer('heartbeat', 'stale')).toEqual([])
    expect(owner.tick(60_000)).toEqual([])
    expect(owner.assigned(2)).toEqual(['heartbeat'])
  })

  test.each(['rebalancing', 'unanswered'])('asks again while the heartbeat is %s', (outcome) => {
    const owner = new Driven()
    owner.assigned(1)
    expect(owner.answer('heartbeat', outcome, 1000)).toEqual([])
    expect(owner.tick(1099)).toEqual([])
    expect(owner.tick(1100)).toEqual(['heartbeat'])
  })

  test('whose step was lost forgets everything, asks the group, and takes over again', () => {
    const owner = new Driven().own()
    expect(owner.fail('lost')).toEqual(['drop'])
    expect(owner.life.isOwned).toBe(false)
    expect(owner.tick(100)).toEqual(['heartbeat'])
    expect(owner.answer('heartbeat', 'accepted')).toEqual(['fence'])
  })

  test('that is lost again and again waits longer each time, five seconds at most, and a step that holds begins anew', () => {
    const owner = new Driven()
    owner.assigned(1)
    const pauses: number[] = []
    let now = 0
    for (let round = 0; round < 8; round++) {
      owner.answer('heartbeat', 'accepted', now)
      owner.answer('fencing', 'lost', now)
      let pause = 0
      while (owner.tick(now + pause).length === 0) pause += 50
      pauses.push(pause)
      now += pause
    }
    expect(pauses).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000])
    owner.answer('heartbeat', 'accepted', now)
    owner.answer('fencing', 'done', now)
    owner.answer('restoring', 'done', now)
    owner.life.handle({ kind: 'step', term: owner.life.beginStep(), outcome: 'done' }, now)
    owner.fail('lost', now)
    expect(owner.tick(now + 100)).toEqual(['heartbeat'])
  })

  test('that is kept in a new generation goes on, also in the middle of a step or a restore', () => {
    const owner = new Driven().own()
    const term = owner.life.beginStep()
    expect(owner.assigned(2)).toEqual([])
    expect(owner.life.handle({ kind: 'step', term, outcome: 'done' }, 0)).toEqual([])
    expect([owner.life.isOwned, owner.life.generation]).toEqual([true, 2])
    const restoring = new Driven()
    restoring.assigned(1)
    restoring.answer('heartbeat', 'accepted')
    restoring.answer('fencing', 'done')
    expect(restoring.assigned(2)).toEqual([])
    expect(restoring.answer('restoring', 'done')).toEqual(['start'])
  })

  test('asks for a heartbeat in the new generation when it comes before the fencing is done', () => {
    const owner = new Driven()
    owner.assigned(1)
    owner.answer('heartbeat', 'accepted')
    const [question] = owner.life.handle({ kind: 'assigned', generation: 2 }, 0)
    expect(question).toMatchObject({ kind: 'heartbeat', generation: 2 })
    // The fencing of the generation before has no say any more.
    expect(owner.life.handle({ kind: 'fencing', term: 1, outcome: 'done' }, 0)).toEqual([])
  })

  test('that is revoked is dropped at once, and the answer to its step does not matter', () => {
    const owner = new Driven().own()
    const term = owner.life.beginStep()
    expect(kinds(owner.life.handle({ kind: 'revoked' }, 0))).toEqual(['drop'])
    expect(owner.life.handle({ kind: 'step', term, outcome: 'done' }, 0)).toEqual([])
    expect([owner.life.isOwned, owner.life.generation]).toEqual([false, -1])
    expect(owner.tick(60_000)).toEqual([])
  })

  test('has one step under way at a time', () => {
    const owner = new Driven().own()
    owner.life.beginStep()
    expect(owner.life.canStep).toBe(false)
    expect(() => owner.life.beginStep()).toThrow('without a step under way')
  })

  test('stays away after a failure that nothing would help', () => {
    const owner = new Driven().own()
    expect(owner.fail('fatal')).toEqual(['drop'])
    expect(owner.tick(60_000)).toEqual([])
  })
})
