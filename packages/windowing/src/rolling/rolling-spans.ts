import type { Part } from './rolling-parts.js'
import type { RollingSteps } from './rolling-steps.js'

/** What the views of all groups with one end share. */
export interface Span<S> {
  readonly end: number
  readonly start: number
  readonly covered: readonly Part<S>[]
  /** the count of changes it was found at */
  readonly changes: number
}

/** The steps that the views of a rolling view cover, found once for all groups of an end. */
export class RollingSpans<S> {
  private last: Span<S> | undefined

  constructor(
    private readonly parts: ReadonlyMap<number, Part<S>>,
    private readonly steps: RollingSteps,
  ) {}

  /** The view with this end, and its steps that hold anything, in order. @param changes the count of changes of steps */
  at(end: number, changes: number): Span<S> {
    if (this.last?.end !== end || this.last.changes !== changes) {
      const covered = [...this.parts.values()].filter((part) => part.end <= end && end <= part.lastEnd)
      covered.sort((a, b) => a.start - b.start)
      this.last = { end, start: this.steps.startOf(end), covered, changes }
    }
    return this.last
  }

  /** Steps were forgotten: what was found is not kept. */
  forget(): void {
    this.last = undefined
  }
}
