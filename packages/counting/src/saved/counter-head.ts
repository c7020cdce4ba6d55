import type { EngineHead } from '@card/windowing'
import type { Progress } from '../count/partial.js'
import type { RefusedLine } from '../count/refused-line.js'
import type { StateChanges } from './state-changes.js'

/** What a counter keeps besides its windows. */
export interface CounterHead {
  readonly format: 1
  readonly engine: EngineHead
  /** The offset of the next row. */
  readonly position: number
  readonly status: Progress['status']
  /** Rows that the reader rejected, by status. */
  readonly rejected: readonly number[]
  /** Lines of the frames in the far-future guard, by ticket; empty where they are not wanted. */
  readonly held: readonly (readonly [ticket: number, line: RefusedLine])[]
}

/** What is to be saved with a step of a counter. */
export interface CounterSave {
  readonly head: CounterHead
  readonly changes: StateChanges
}
