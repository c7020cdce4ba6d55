import { FrameReader } from '@card/frames'
import type { Result } from '@card/results'
import type { Effect } from '../../src/core/effects.js'
import type { CoreInput, PartitionState } from '../../src/core/inputs.js'
import { openCounting } from '../../src/counting/open-counting.js'
import { countingSetup, frameOptions } from '../../src/settings/counting-options.js'
import { settings } from '../settings/place-settings.js'

/** The time at which the frames of tests begin; ms. */
export const noon = Date.UTC(2016, 6, 11, 12)

/** A frame of a user, seconds from noon. */
export interface TestFrame {
  readonly user: number
  readonly second: number
}

/** Drives a worker core by a clock of its own, and does at once what it asks for. */
export class CoreDriver {
  /** ms, of no particular beginning */
  now = 5000
  /** ms since the epoch */
  wall = noon + 86_400_000
  readonly results: Result[] = []
  /** Everything that was asked for, the contents of writes apart, in order. */
  readonly effects: Effect[] = []
  /** Slices of work that the last input took. */
  slices = 0
  /** Results of the largest slice of work. */
  largestSlice = 0
  unfinished: number | null = null
  readonly figures
  readonly core
  readonly #reader: FrameReader
  readonly #writer
  readonly #states = new Map<string, PartitionState>()

  constructor(words: readonly string[] = []) {
    const { values } = settings(['--brokers', 'a:1', '--topic', 't', ...words])
    this.#reader = new FrameReader(frameOptions(values))
    const output = {
      result: (result: Result) => this.results.push(result),
      rejected: null,
      late: null,
      lateAction: 'dropped',
      held: null,
    } as const
    const parts = openCounting(countingSetup(values), this.#reader.groups, output, this.now)
    this.core = parts.core
    this.figures = parts.figures
    this.#writer = parts.writer
  }

  /** Gives an input and all that has to follow it. @returns the effects, without writes */
  send(input: CoreInput): Effect[] {
    const asked: Effect[] = []
    this.slices = 0
    for (let next: CoreInput | null = input; next !== null; ) {
      this.slices++
      const effects: Effect[] = this.core.handle(next, this.now, this.wall)
      next = null
      let results = 0
      for (const effect of effects) {
        if (effect.kind === 'continue') next = effect
        else if (effect.kind === 'write') {
          results += effect.step.results.length
          this.#writer.write(effect.step)
        } else asked.push(effect)
        if (effect.kind === 'finish') this.unfinished = effect.unfinished
      }
      this.largestSlice = Math.max(this.largestSlice, results)
    }
    this.effects.push(...asked)
    return asked
  }

  assign(...partitions: string[]): void {
    for (const partition of partitions) this.setState(partition, {})
    this.send({
      kind: 'assigned',
      generation: null,
      partitions: partitions.map((partition) => ({ partition, position: this.stateOf(partition).position })),
    })
  }

  revoke(...partitions: string[]): void {
    for (const partition of partitions) this.#states.delete(partition)
    this.send({ kind: 'revoked', partitions })
  }

  /** Records of a partition come and are counted; it is caught up afterwards. */
  push(partition: string, ...frames: readonly TestFrame[]): void {
    const { position } = this.stateOf(partition)
    this.#reader.clear()
    frames.forEach(({ user, second }, i) => {
      const value = `{"uid":"u${user}","ts":${noon / 1000 + second},"g":"g${user}"}`
      this.#reader.pushValue(Buffer.from(value), position + i)
    })
    this.send({ kind: 'received', partition })
    const { columns, bytes } = this.#reader
    const batch = { columns, bytes, source: partition }
    this.send({ kind: 'rows', partition, batch, areGroupIdsInUse: false })
    this.setState(partition, { position: position + frames.length })
  }

  stateOf(partition: string): PartitionState {
    const state = this.#states.get(partition)
    if (state === undefined) throw new Error(`${partition} is not assigned`)
    return state
  }

  /** What the source says of a partition from now on: caught up, unless told otherwise. */
  setState(partition: string, state: Partial<PartitionState>): void {
    const usual = { position: 0, caughtUp: true, paused: false, waitsForTransaction: false, ended: false }
    this.#states.set(partition, { ...usual, ...this.#states.get(partition), ...state, partition })
  }

  /** Lets time pass, with a tick whenever one is due. @returns what the ticks asked for */
  pass(milliseconds: number): Effect[] {
    const asked: Effect[] = []
    const { tickPeriod } = this.core
    for (let left = milliseconds; left > 0; left -= tickPeriod) {
      const step = Math.min(left, tickPeriod)
      this.now += step
      this.wall += step
      asked.push(...this.tick())
    }
    return asked
  }

  tick(): Effect[] {
    return this.send({ kind: 'tick', partitions: [...this.#states.values()] })
  }

  /** Answers the last question with where reading stands, or what is given; a partition at `null` has no answer. */
  answer(given: Readonly<Record<string, number | null>> = {}, elapsed = 1): Effect[] {
    const question = this.effects.findLast((effect) => effect.kind === 'ask-ends')
    if (question === undefined) throw new Error('nothing was asked')
    const ends = question.partitions.flatMap((partition) => {
      const end = given[partition]
      if (end === null) return []
      return [[partition, end ?? this.#states.get(partition)?.position ?? 0] as const]
    })
    return this.send({ kind: 'ends', id: question.id, elapsed, ends: new Map(ends) })
  }

  /** Lets time pass, and answers every question at once with where reading stands. */
  passAnswered(milliseconds: number): void {
    const { tickPeriod } = this.core
    for (let left = milliseconds; left > 0; left -= tickPeriod) {
      const asked = this.pass(Math.min(left, tickPeriod))
      if (asked.some(({ kind }) => kind === 'ask-ends')) this.answer()
    }
  }

  /** Results in short: window start in seconds from noon, count, pane. */
  get published(): string[] {
    return this.results.map(({ start, count, pane }) => `${(start - noon) / 1000} ${count} ${pane}`)
  }
}
