import { baseLength } from '@card/counting'
import type { Effect } from '../effects.js'
import { GroupSweep, type SweptGroups } from '../group-sweep.js'
import { Lasting } from '../lasting.js'
import { gapOf, say } from '../log-effects.js'
import { Periodic } from '../periodic.js'
import { QuietPartitions } from '../quiet-partitions.js'
import type { OwnedCounting } from './count-owner.js'
import { countersOf } from './counters-of.js'
import type { DurableEffect } from './effects.js'
import { hint, purge } from './housekeeping.js'
import type { DurableInput, OwnersTickInput, RestoringInput } from './inputs.js'
import type { OwnerEffect, OwnerEvent } from './owner-life.js'
import { OwnerSkew } from './owner-skew.js'
import { type Owner, OwnerTable } from './owner-table.js'
import { SilentMergers } from './silent-mergers.js'

/** What a durable core decides by; times in ms. */
export interface DurableCoreOptions {
  readonly outOfOrder: number
  /** Infinity: no partition is ever idle, as where everything is read to a given end. */
  readonly idleTimeout: number
  /** Infinity: no early results. */
  readonly early: number
  /** A step at least so often while there is something to save. */
  readonly checkpointInterval: number
}

type Effects = Generator<DurableEffect, void, undefined>

/** Positions are told to the group so often, and merged partials deleted; ms. */
const hintPeriod = 10_000
const purgePeriod = 30_000
/** A transaction that is open for longer is said to be waited for; ms. */
const transactionPatience = 2_000

/**
 * Everything that a worker with durable state decides: when its owners are taken over, stepped and given up, which
 * partitions are idle, and when results that nothing else would bring are published. It does nothing itself: it is told
 * what happens and what time it is, one input after the other, and answers with what is to be done.
 */
export class DurableCore {
  /** ms from one tick to the next */
  readonly tickPeriod: number
  /** What this worker has, or is taking over. */
  readonly owners: OwnerTable
  readonly #checkpointInterval: number
  readonly #quiet: QuietPartitions
  readonly #silent: SilentMergers
  readonly #skew: OwnerSkew
  readonly #early: Periodic
  readonly #hints: Periodic
  readonly #purges: Periodic
  readonly #transactions = new Lasting(transactionPatience)
  readonly #groups: GroupSweep
  /** When each owner's last step was taken, ms. */
  readonly #steppedAt = new Map<string, number>()
  #known: readonly string[] = []
  #ends: ReadonlyMap<string, number> | null = null
  #isStopping = false
  #hasFinished = false
  /** What the last effects left undone. */
  #work: Effects | null = null

  /** @param now ms, of the clock of `handle` */
  constructor(
    options: DurableCoreOptions,
    parts: OwnedCounting & { readonly groups: SweptGroups },
    now: number,
  ) {
    const { outOfOrder, idleTimeout, early, checkpointInterval } = options
    this.tickPeriod = Math.max(10, Math.min(1000, idleTimeout / 4, early / 4, checkpointInterval / 4))
    this.owners = new OwnerTable(parts)
    this.#checkpointInterval = checkpointInterval
    this.#skew = new OwnerSkew(this.owners, baseLength(parts.counting))
    const quiet = { outOfOrder, idleTimeout, tickPeriod: this.tickPeriod }
    this.#quiet = new QuietPartitions(quiet, countersOf(this.owners), now)
    this.#silent = new SilentMergers(idleTimeout, outOfOrder)
    this.#early = new Periodic(early, now)
    this.#hints = new Periodic(hintPeriod, now)
    this.#purges = new Periodic(purgePeriod, now)
    this.#groups = new GroupSweep(parts.groups)
  }

  /** Whether groups are to be freed as soon as no batch to come holds ids that were looked up already. */
  get isSweepDue(): boolean {
    return this.#groups.isDue
  }

  /**
   * Takes what has happened. After effects that end with `continue`, the next input has to be `continue`.
   *
   * @param now ms of a clock that never goes back
   * @param wall ms since the epoch
   * @returns what is to be done, in order
   */
  handle(input: DurableInput, now: number, wall: number): DurableEffect[] {
    const work = this.#work ?? this.#take(input, now, wall)
    this.#work = null
    const effects: DurableEffect[] = []
    for (let next = work.next(); next.done !== true; next = work.next()) {
      effects.push(next.value)
      if (next.value.kind === 'continue') {
        this.#work = work
        break
      }
    }
    return effects
  }

  *#take(input: DurableInput, now: number, wall: number): Effects {
    yield* this.#react(input, now, wall)
    // In the middle of the records of an event a position would say less than has been counted.
    if (input.kind === 'rows' || input.kind === 'received') return
    yield* this.#publishEnds()
    yield* this.#stepAll(now)
    yield* this.#skew.limit()
    if (!this.#hasFinished && this.#isDone) {
      this.#hasFinished = true
      yield { kind: 'finish' }
    }
  }

  *#react(input: DurableInput, now: number, wall: number): Effects {
    const { owners } = this
    switch (input.kind) {
      case 'take-over': {
        const { owner, generation } = input
        // Nothing of it is read, so whatever was held of it is of a time before.
        yield* this.#answer(owner, { kind: 'revoked' }, now)
        return yield* this.#tell(owners.of(owner), { kind: 'assigned', generation }, now)
      }
      case 'kept': {
        const { generation } = input
        for (const name of input.owners)
          yield* this.#tell(owners.of(name), { kind: 'assigned', generation }, now)
        return
      }
      case 'revoked':
        for (const name of input.owners) yield* this.#revoke(name, now)
        return
      case 'heartbeat':
      case 'fencing':
        return yield* this.#answer(input.owner, input, now)
      case 'restoring':
        return yield* this.#restore(input, now)
      case 'step':
        if (input.outcome === 'done' && this.#isAsked(input))
          owners.get(input.owner)?.onCommit(input.isFragmented)
        return yield* this.#answer(input.owner, input, now)
      case 'received':
        if (owners.counter(input.owner) !== undefined) this.#quiet.receive(input.owner)
        return
      case 'rows':
        // Read ahead of an owner that was lost meanwhile: they come again after its next start.
        owners.counter(input.owner)?.count(input)
        // A state that is being read back has ids that no owner knows of yet.
        if (!input.areGroupIdsInUse && this.#groups.isDue && !owners.isRestoring) this.#groups.sweep(owners)
        return
      case 'counted':
        return owners.counter(input.owner)?.moveTo(input)
      case 'partials':
        owners.merger(input.owner)?.merge(input.entries, input.next)
        return this.#silent.restart(input.owner)
      case 'partition-ended':
        return owners.counter(input.owner)?.end()
      case 'known':
        this.#known = input.partitions
        this.#ends = input.ends
        for (const owner of owners.mergers) owner.know(input.partitions)
        return
      case 'hints':
        this.#skew.hear(input.leastWatermark)
        return
      case 'ends':
        return yield* deeds(this.#quiet.answer(input, now))
      case 'request-failed':
        return this.#quiet.restart()
      case 'gap':
        return yield gapOf(input)
      case 'tick':
        return yield* this.#tick(input, now, wall)
      case 'stop':
        this.#isStopping = true
    }
  }

  *#tick({ partitions }: OwnersTickInput, now: number, wall: number): Effects {
    const { owners } = this
    for (const owner of owners) yield* this.#tell(owner, { kind: 'tick' }, now)
    if (this.#early.isDue(now)) {
      for (const { counter } of owners.counters) {
        for (const _ of counter.sendInSteps()) yield { kind: 'continue' }
      }
      for (const { merger } of owners.mergers) merger.early()
    }
    for (const { partition, position: offset, ended, waitsForTransaction } of partitions) {
      if (!this.#transactions.observe(partition, waitsForTransaction && !ended, now)) continue
      yield say('warn', partition, { offset }, 'waiting for the end of an open transaction')
    }
    const counted = partitions.filter(({ partition }) => owners.counter(partition) !== undefined)
    yield* deeds(this.#quiet.tick(counted, now, wall))
    yield* this.#silent.tick(owners.mergers, now, wall)
    if (this.#hints.isDue(now)) yield* hint(owners)
    if (this.#purges.isDue(now)) yield* purge(owners.mergers)
  }

  *#restore({ owner: name, term, outcome }: RestoringInput, now: number): Effects {
    const owner = this.owners.get(name)
    if (owner?.life.isAsked(term) !== true) return
    if (typeof outcome === 'string')
      return yield* this.#tell(owner, { kind: 'restoring', term, outcome }, now)
    owner.restore(outcome, this.#known)
    const kind = outcome.kind === 'born' ? 'born' : 'done'
    yield* this.#tell(owner, { kind: 'restoring', term, outcome: kind }, now)
  }

  *#revoke(name: string, now: number): Effects {
    yield* this.#answer(name, { kind: 'revoked' }, now)
    this.owners.remove(name)
    this.#steppedAt.delete(name)
  }

  #isAsked({ owner, term }: { readonly owner: string; readonly term: number }): boolean {
    return this.owners.get(owner)?.life.isAsked(term) === true
  }

  *#answer(name: string, event: OwnerEvent, now: number): Effects {
    const owner = this.owners.get(name)
    if (owner !== undefined) yield* this.#tell(owner, event, now)
  }

  *#tell(owner: Owner, event: OwnerEvent, now: number): Effects {
    for (const effect of owner.life.handle(event, now)) yield* this.#perform(owner, effect, now)
  }

  *#perform(owner: Owner, effect: OwnerEffect, now: number): Effects {
    const { name } = owner
    switch (effect.kind) {
      case 'birth':
        this.#steppedAt.set(name, now)
        return yield { kind: 'step', owner: name, term: effect.term, step: owner.takeStep() }
      case 'start':
        this.#steppedAt.set(name, now)
        if (owner.stage === 'count') yield* deeds(this.#quiet.assign(name))
        return yield { kind: 'start', owner: name, position: owner.position }
      case 'drop':
        this.owners.drop(owner)
        this.#quiet.remove(name)
        this.#skew.forget(name)
        this.#silent.restart(name)
        this.#transactions.observe(name, false, now)
        return yield { kind: 'drop', owner: name }
      default:
        yield { ...effect, owner: name }
    }
  }

  /** Steps of all owners for which one is due: at once where it says something to others, else now and then. */
  *#stepAll(now: number): Effects {
    for (const owner of this.owners) {
      const { life, name } = owner
      if (!life.canStep) continue
      const since = now - this.#steppedAt.get(name)!
      const isTime = this.#isStopping || owner.hasEnded || since >= this.#checkpointInterval
      if (!owner.isStepDue && !(isTime && owner.hasMoved)) continue
      this.#steppedAt.set(name, now)
      yield { kind: 'step', owner: name, term: life.beginStep(), step: owner.takeStep() }
    }
  }

  /** Where everything was read to its end, what is open is published. */
  *#publishEnds(): Effects {
    const ends = this.#ends
    if (ends === null) return
    for (const owner of this.owners.mergers) {
      while (owner.publishEnds(ends)) yield { kind: 'continue' }
    }
  }

  /** Whether nothing more is to be done here: read to the end that was asked for, or stopped, and all of it saved. */
  get #isDone(): boolean {
    if (!this.#isStopping && (this.#ends === null || this.owners.size === 0)) return false
    for (const owner of this.owners) {
      const { life } = owner
      // What is still being taken over at a stop is left as it is; a step under way is waited for.
      if (
        this.#isStopping ? life.isOwned && !(life.canStep && !owner.hasMoved) : !life.canStep || !owner.isDone
      )
        return false
    }
    return true
  }
}

/** What else than writing comes of finding out who is quiet: steps are taken elsewhere. */
function* deeds(effects: Iterable<Effect>): Effects {
  for (const effect of effects) if (effect.kind !== 'write' && effect.kind !== 'finish') yield effect
}
