import type { Pane, WindowEngine } from '@card/windowing'
import type { WindowState } from '../state/window-state.js'
import type { Publisher } from './publisher.js'

/** How far a processing-time flush has come. */
export interface Announced {
  /** Whether there was more than was asked for: go on with another call. */
  readonly more: boolean
  /** The end of the first open window after it, when the next one is worth while; Infinity: there is none. */
  readonly next: number
}

// What a pause counts of the results of a call: about as long as so many take to make.
export const pauseInResults = 250

/** A processing-time flush in slices, so that no call takes long. */
export class Announcement {
  private until = Number.NaN
  private panes: Iterator<Pane<WindowState> | undefined> | undefined

  constructor(
    private readonly engine: WindowEngine<WindowState>,
    private readonly publisher: Publisher,
  ) {}

  /**
   * Publishes up to `limit` results of windows that ended at or before `until`, in order, going on where the last call
   * stopped; fewer, or none, where they take long to find.
   *
   * @param until ms
   */
  advance(until: number, limit: number): Announced {
    if (this.panes === undefined || this.until !== until) {
      this.until = until
      this.panes = this.engine.announceInSteps(until, this.publisher.maker.order.compare)[Symbol.iterator]()
    }
    this.publisher.settle()
    for (let left = limit; left > 0; ) {
      const { done, value } = this.panes.next()
      if (done === true) {
        this.panes = undefined
        return { more: false, next: this.engine.nextAnnouncement(until) }
      }
      left -= value === undefined ? pauseInResults : 1
      if (value !== undefined) this.publisher.addOne(value)
    }
    return { more: true, next: until }
  }

  /** Windows have changed: the next call begins again, with what is not published by then. */
  restart(): void {
    this.panes = undefined
  }
}
