import type { CountStep, InputSums, MergeStep } from '@card/counting'
import type { AskEndsEffect, Effect, LogEffect, PauseEffect } from '../effects.js'

/** What a step of a partition counter writes, in one transaction: its state, partials, progress and refused lines. */
export interface CountOwnerStep {
  readonly stage: 'count'
  readonly step: CountStep
  readonly input: InputSums
}

/** What a step of a merger writes, in one transaction: its state and results. */
export interface MergeOwnerStep {
  readonly stage: 'merge'
  readonly step: MergeStep
}

/** Ask the group's coordinator for a heartbeat, fence, or restore, and answer with the input that belongs to it. */
export type TakeOverEffect =
  | { readonly kind: 'heartbeat'; readonly owner: string; readonly term: number; readonly generation: number }
  | { readonly kind: 'fence' | 'restore'; readonly owner: string; readonly term: number }

/** Serialize a step now, before the next input; commit it meanwhile, and answer with `step`. */
export interface StepEffect {
  readonly kind: 'step'
  readonly owner: string
  readonly term: number
  readonly step: CountOwnerStep | MergeOwnerStep
}

/** Read the owner's partition from this position; what was read ahead of it is forgotten. */
interface StartEffect {
  readonly kind: 'start'
  readonly owner: string
  readonly position: number
}

/** Forget everything of an owner, and read nothing of it. */
interface DropEffect {
  readonly kind: 'drop'
  readonly owner: string
}

/** Tell the group how far these owners are; it is no source of truth. */
export interface HintEffect {
  readonly kind: 'hint'
  readonly offsets: readonly {
    readonly owner: string
    readonly position: number
    /** ms; null: none yet */
    readonly watermark: number | null
    readonly idle: boolean
  }[]
}

/** Delete the records of the partials log before these positions, which are in committed states. */
export interface PurgeEffect {
  readonly kind: 'purge'
  readonly offsets: readonly { readonly owner: string; readonly position: number }[]
}

/** Everything is done. */
interface DurableFinishEffect {
  readonly kind: 'finish'
}

/** What a durable core wants done, to be run in order. */
export type DurableEffect =
  | TakeOverEffect
  | StepEffect
  | StartEffect
  | DropEffect
  | HintEffect
  | PurgeEffect
  | AskEndsEffect
  | PauseEffect
  | LogEffect
  | Extract<Effect, { kind: 'continue' }>
  | DurableFinishEffect
