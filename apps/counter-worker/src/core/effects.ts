import type { Step } from '@card/counting'

/** Publish results, refused lines and warnings, as one. */
interface WriteEffect {
  readonly kind: 'write'
  readonly step: Step
}

/** Read nothing of these partitions until they are resumed. */
export interface PauseEffect {
  readonly kind: 'pause' | 'resume'
  readonly partitions: readonly string[]
}

/** Ask the brokers now for the high watermarks of these partitions, and answer with an `ends` input. */
export interface AskEndsEffect {
  readonly kind: 'ask-ends'
  readonly id: number
  readonly partitions: readonly string[]
}

/** Say something to whoever runs the worker. */
export interface LogEffect {
  readonly kind: 'log'
  readonly level: 'info' | 'warn'
  /** The partition it is about; null: no single one. */
  readonly partition: string | null
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
}

/** There is more to do: `continue` has to be the next input. Always the last effect. */
interface ContinueEffect {
  readonly kind: 'continue'
}

/** Everything is done. */
interface FinishEffect {
  readonly kind: 'finish'
  /** Windows, counted for each group, whose latest content is not published. */
  readonly unfinished: number
}

/** What a worker core wants done, to be run in order. */
export type Effect = WriteEffect | PauseEffect | AskEndsEffect | LogEffect | ContinueEffect | FinishEffect

/** Work that yields what is to be done as it goes; after `continue` it waits for the input of that name. */
export type Effects = Generator<Effect, void, undefined>
