import { setImmediate } from 'node:timers/promises'
import { Failures, type Logger } from '@card/app-kit'
import type { AskEndsEffect, Effect, LogEffect, PauseEffect } from './core/effects.js'
import type { CoreInput } from './core/inputs.js'
import type { WorkerCore } from './core/worker-core.js'
import type { StepWriter } from './counting/step-writer.js'
import type { Outputs } from './output/outputs.js'

/** What a core has done to the partitions of topics. */
export interface SourceControl {
  pause(partitions: readonly string[]): void
  resume(partitions: readonly string[]): void
  /** Asks without waiting: the answer is an input of its own. */
  askEnds(question: AskEndsEffect): void
  /** What the log says of a partition. */
  fieldsOf(partition: string): Readonly<Record<string, unknown>>
}

/** What a shell runs effects with. */
export interface ShellParts {
  readonly core: Pick<WorkerCore, 'handle'>
  readonly writer: Pick<StepWriter, 'write'>
  readonly outputs: Pick<Outputs, 'flush'>
  readonly log: Pick<Logger, 'info' | 'warn'>
  /** Null: files, of which nothing is asked. */
  readonly source: SourceControl | null
}

/** Results written between two looks at the outputs: their text need not be in memory all at once. */
const resultsBetween = 4096
/** ms after which signals, timers and heartbeats have their turn */
const longestTurn = 10

/** Tells a worker core what happens and what time it is, and does what it answers. */
export class Shell {
  readonly #parts: ShellParts
  /** Results since the outputs were looked at. */
  #written = 0
  /** Of a run that has finished: windows, counted for each group, whose latest content is not published. */
  unfinished = 0

  constructor(parts: ShellParts) {
    this.#parts = parts
  }

  /** Does all that an input asks for at once, as rows need it: their columns are used again. */
  take(input: CoreInput): void {
    for (let next: CoreInput | null = input; next !== null; ) next = this.#handle(next)
  }

  /**
   * Does all that an input asks for, with turns for the event loop, and for outputs that are behind. When an output fails
   * it goes on, so that the sums add up.
   *
   * @throws ExitError (1 or 78) of the output
   */
  async run(input: CoreInput): Promise<void> {
    const failures = new Failures()
    let began = performance.now()
    for (let next = this.#handle(input); next !== null; next = this.#handle(next)) {
      if (this.#written >= resultsBetween && failures.none) await failures.of(() => this.flush())
      if (performance.now() - began < longestTurn) continue
      await setImmediate()
      began = performance.now()
    }
    failures.throw()
  }

  /** Writes out what was handed on. A promise where outputs have to be waited for. @throws ExitError (1 or 78) */
  flush(): Promise<void> | undefined {
    this.#written = 0
    return this.#parts.outputs.flush()
  }

  /** @returns the input that is to be next, if any */
  #handle(input: CoreInput): CoreInput | null {
    let next: CoreInput | null = null
    for (const effect of this.#parts.core.handle(input, performance.now(), Date.now())) {
      if (effect.kind === 'continue') next = effect
      else this.#perform(effect)
    }
    return next
  }

  #perform(effect: Exclude<Effect, { kind: 'continue' }>): void {
    switch (effect.kind) {
      case 'write':
        this.#written += effect.step.results.length
        this.#parts.writer.write(effect.step)
        break
      case 'log':
        this.#say(effect)
        break
      case 'finish':
        this.unfinished = effect.unfinished
        break
      default:
        this.#control(effect)
    }
  }

  #control(effect: PauseEffect | AskEndsEffect): void {
    const { source } = this.#parts
    if (source === null) throw new Error(`Expected no ${effect.kind} where files are read`)
    if (effect.kind === 'ask-ends') source.askEnds(effect)
    else source[effect.kind](effect.partitions)
  }

  #say({ level, partition, fields, message }: LogEffect): void {
    const { log, source } = this.#parts
    const about = partition === null ? {} : (source?.fieldsOf(partition) ?? { partition })
    log[level]({ ...about, ...fields }, message)
  }
}
