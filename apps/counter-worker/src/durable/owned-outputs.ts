import type { CountStep, MergeStep } from '@card/counting'
import type { TransactionRecord } from '@card/kafka-io'
import type { Result } from '@card/results'
import { resultOf } from '../counting/result-of.js'
import type { StepWriter } from '../counting/step-writer.js'
import type { StepOutputs } from '../state/step-outputs.js'

/** Where the results and refused lines of steps go. */
export interface OwnedOutputsParts {
  /** Records for topics, which are written in the transaction of their step. */
  readonly records: StepOutputs
  /** Hands refused lines and warnings on: to files, or to `records`. */
  readonly writer: Pick<StepWriter, 'write'>
  /** Makes records of results; null: they go to no topic. */
  readonly toTopic: ((result: Result) => void) | null
  /** Hands each result on once it is committed; null: they go to topics only. */
  readonly committed: ((result: MergeStep['results'][number]) => void) | null
}

/** The outputs of steps: to topics within their transaction, to files before it, to stdout after it. */
export class OwnedOutputs {
  readonly #parts: OwnedOutputsParts

  constructor(parts: OwnedOutputsParts) {
    this.#parts = parts
  }

  /** What a counter's step refused. @returns the records that belong into its transaction */
  ofCounter({ refused, warnings }: CountStep): TransactionRecord[] {
    this.#parts.writer.write({ results: [], refused, warnings, more: false })
    return this.#parts.records.take()
  }

  /** @returns the records that belong into the transaction of a merger's step */
  ofMerger({ results }: MergeStep): TransactionRecord[] {
    const { toTopic, records } = this.#parts
    if (toTopic === null) return []
    for (const result of results) toTopic(resultOf(result))
    return records.take()
  }

  /** A merger's step is committed. */
  onCommit({ results }: MergeStep): void {
    const { committed } = this.#parts
    if (committed !== null) for (const result of results) committed(result)
  }
}
