import type { Counting } from '@card/counting'
import type { Effect, Effects } from './effects.js'
import { GroupSweep, type SweptGroups } from './group-sweep.js'
import type { AssignedInput, CoreInput, PartitionEndedInput, RowsInput, TickInput } from './inputs.js'
import { Lasting } from './lasting.js'
import { gapOf, say } from './log-effects.js'
import { Periodic } from './periodic.js'
import { QuietPartitions } from './quiet-partitions.js'
import { SkewLimit } from './skew-limit.js'
import { handOver, resultsAtOnce, writeSteps } from './write-steps.js'

/** What a worker core decides by; times in ms. */
export interface WorkerCoreOptions {
  readonly outOfOrder: number
  /** Infinity: no partition is ever idle, as where everything is read to a given end. */
  readonly idleTimeout: number
  /** Infinity: no early results. */
  readonly early: number
  /** To the ends that the partitions had at the start, and no further. */
  readonly readsToEnd: boolean
}

/** A transaction that is open for longer is said to be waited for; ms. */
const transactionPatience = 2_000

/**
 * Everything that a worker decides: which partitions are idle or silent, when early results are due, which partitions are
 * paused, what becomes of those that are revoked, and when what is open is published. It does nothing itself: it is told
 * what happens and what time it is, one input after the other, and answers with what is to be done.
 */
export class WorkerCore {
  /** ms from one tick to the next */
  readonly tickPeriod: number
  readonly #readsToEnd: boolean
  readonly #counting: Counting
  readonly #assigned = new Set<string>()
  readonly #quiet: QuietPartitions
  readonly #skew = new SkewLimit()
  readonly #early: Periodic
  readonly #transactions = new Lasting(transactionPatience)
  readonly #groups: GroupSweep
  /** What the last effects left undone. */
  #work: Effects | null = null
  #hasFinished = false
  #rebalances = 0

  /**
   * @param groups whose ids name the groups of rows
   * @param now ms, of the clock of `handle`
   */
  constructor(options: WorkerCoreOptions, counting: Counting, groups: SweptGroups, now: number) {
    const { outOfOrder, idleTimeout, early, readsToEnd } = options
    this.tickPeriod = Math.max(10, Math.min(1000, idleTimeout / 4, early / 4))
    this.#readsToEnd = readsToEnd
    this.#counting = counting
    this.#groups = new GroupSweep(groups)
    this.#quiet = new QuietPartitions({ outOfOrder, idleTimeout, tickPeriod: this.tickPeriod }, counting, now)
    this.#early = new Periodic(early, now)
  }

  /** The partitions that are read now. */
  get assigned(): ReadonlySet<string> {
    return this.#assigned
  }

  /** How often partitions were shared out. */
  get rebalances(): number {
    return this.#rebalances
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
   * @throws Error for an input out of turn
   */
  handle(input: CoreInput, now: number, wall: number): Effect[] {
    const work = this.#workOf(input, now, wall)
    this.#work = null
    const effects: Effect[] = []
    let results = 0
    for (let next = work.next(); next.done !== true; next = work.next()) {
      const effect = next.value
      effects.push(effect)
      if (effect.kind === 'finish') this.#hasFinished = true
      else if (effect.kind === 'write') results += effect.step.results.length
      if (effect.kind !== 'continue' && results < resultsAtOnce) continue
      if (effect.kind !== 'continue') effects.push({ kind: 'continue' })
      this.#work = work
      break
    }
    return effects
  }

  #workOf(input: CoreInput, now: number, wall: number): Effects {
    const { kind } = input
    if ((kind === 'continue') !== (this.#work !== null) || this.#hasFinished) {
      const expected = this.#hasFinished ? 'nothing more' : kind === 'continue' ? 'another input' : 'continue'
      throw new Error(`The worker core expected ${expected}, found ${kind}.`)
    }
    return this.#work ?? this.#take(input, now, wall)
  }

  *#take(input: CoreInput, now: number, wall: number): Effects {
    switch (input.kind) {
      case 'generation':
        this.#rebalances++
        return
      case 'assigned':
        yield* this.#assign(input)
        break
      case 'revoked':
        for (const partition of input.partitions) this.#revoke(partition, now)
        yield say('warn', null, { partitions: input.partitions }, 'revoked')
        break
      case 'received':
        this.#quiet.receive(input.partition)
        return
      case 'rows':
        yield* this.#count(input)
        break
      case 'partition-ended':
        yield* this.#endPartition(input)
        break
      case 'gap':
        yield gapOf(input)
        return
      case 'request-failed':
        this.#quiet.restart()
        return
      case 'ends':
        yield* this.#quiet.answer(input, now)
        break
      case 'tick':
        yield* this.#tick(input, now, wall)
        break
      case 'end-of-input':
        this.#counting.flush()
        yield* writeSteps(this.#counting)
        yield { kind: 'finish', unfinished: 0 }
        return
      case 'stop':
        this.#counting.judgeHeld()
        yield* writeSteps(this.#counting)
        yield { kind: 'finish', unfinished: this.#counting.unfinished() }
        return
    }
    yield* this.#limitSkew()
  }

  *#count({ partition, batch, areGroupIdsInUse }: RowsInput): Effects {
    const { rows } = batch.columns
    for (let row = 0; row < rows; ) {
      row = this.#counting.consume(partition, batch, row)
      yield* writeSteps(this.#counting)
    }
    if (!areGroupIdsInUse && this.#groups.isDue) this.#groups.sweep(this.#counting)
  }

  *#assign({ generation, partitions }: AssignedInput): Effects {
    if (generation === null) this.#rebalances++
    for (const { partition } of partitions) {
      this.#assigned.add(partition)
      this.#skew.forget(partition)
      yield* this.#quiet.assign(partition)
    }
    const texts = partitions.map(({ partition, position }) => `${partition} from ${position}`)
    yield say('info', null, { partitions: texts }, 'reading')
  }

  #revoke(partition: string, now: number): void {
    this.#assigned.delete(partition)
    this.#skew.forget(partition)
    this.#quiet.revoke(partition, now)
  }

  *#endPartition({ partition, nextOffset, waitsForTransaction }: PartitionEndedInput): Effects {
    if (!this.#readsToEnd) {
      yield say(
        'warn',
        partition,
        { nextOffset },
        'the partition is gone with its topic, and counts as ended',
      )
      this.#assigned.delete(partition)
      this.#skew.forget(partition)
      this.#quiet.remove(partition)
    } else if (waitsForTransaction) {
      const message = 'read up to an open transaction: the records after it are not counted'
      yield say('warn', partition, { nextOffset }, message)
    }
    yield* handOver(this.#counting, partition)
    this.#counting.endPartition(partition)
    yield* writeSteps(this.#counting)
  }

  *#tick({ partitions }: TickInput, now: number, wall: number): Effects {
    if (this.#early.isDue(now)) {
      yield* handOver(this.#counting)
      this.#counting.early()
      yield* writeSteps(this.#counting)
    }
    // An open transaction of whoever writes the topic may last for minutes, and nothing behind it can be read.
    for (const { partition, position: offset, ended, waitsForTransaction } of partitions) {
      if (!this.#transactions.observe(partition, waitsForTransaction && !ended, now)) continue
      yield say('warn', partition, { offset }, 'waiting for the end of an open transaction')
    }
    yield* this.#quiet.tick(partitions, now, wall)
  }

  *#limitSkew(): Effects {
    const { pause, resume } = this.#skew.changes(this.#counting, this.#assigned)
    if (pause.length > 0) yield { kind: 'pause', partitions: pause }
    if (resume.length > 0) yield { kind: 'resume', partitions: resume }
  }
}
