import type { HeldLines, RefusedLine, TimeWarning } from '@card/counting'
import type { Result } from '@card/results'

/**
 * What becomes of a frame that was late by its own partition. Two actions stand beside these: `ahead`, of one that the
 * far-future guard gave up, and `closed`, of one whose window has been published and takes no corrections any more.
 */
export type LateAction = 'dropped' | 'file' | 'topic'

/** Where what comes out of the core goes. None of it throws: a step is written to its end, so that the sums add up. */
export interface CountingOutput {
  result(result: Result): void
  /** Takes a rejected line; null: nobody wants them. */
  readonly rejected: ((reason: string, line: RefusedLine) => void) | null
  /** Takes a late line; null: nobody wants them. */
  readonly late: ((action: string, line: RefusedLine) => void) | null
  readonly lateAction: LateAction
  /** Keeps the lines of held frames of a partition, whose fate is open; null: no line is wanted later. */
  readonly held: ((partition: string) => HeldLines) | null
  /** Takes what is odd about event times. */
  readonly warn?: (warning: TimeWarning) => void
}
