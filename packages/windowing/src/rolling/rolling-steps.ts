import type { Assigner } from '../time/assigner.js'

/** Where the steps of a rolling view begin and end. */
export class RollingSteps {
  /**
   * @param step the assigner of the view's step
   * @param count steps in the view
   */
  constructor(
    private readonly step: Assigner,
    private readonly count: number,
  ) {}

  /** The end of the step that holds a time; an infinite time is its own. */
  endAfter(time: number): number {
    if (!Number.isFinite(time)) return time
    this.step.locate(time)
    return this.step.end
  }

  /** The end of the last view that covers the step with this end. */
  lastEnd(end: number): number {
    let last = end
    for (let i = 1; i < this.count; i++) last = this.endAfter(last)
    return last
  }

  /** The start of the view with this end. */
  startOf(end: number): number {
    let start = end
    for (let i = 0; i < this.count; i++) {
      this.step.locate(start - 1)
      start = this.step.start
    }
    return start
  }
}
