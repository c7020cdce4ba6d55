import type { Pane } from '@card/windowing'
import { none } from '../none.js'
import type { ResultMaker, WindowResult } from '../result.js'
import type { WindowState } from '../state/window-state.js'
import type { PublishedSums } from './merge-step.js'

/** Makes results for the step to come, and counts them. */
export class Publisher {
  private results: WindowResult[] = []
  /** Panes with live states, whose results are made when they are asked for. */
  private panes: Iterator<Pane<WindowState>, void> | undefined
  private sums: { -readonly [name in keyof PublishedSums]: number } = {
    windows: 0,
    early: 0,
    final: 0,
    corrected: 0,
  }

  constructor(readonly maker: ResultMaker) {}

  /** Panes that are due, which it puts into order. */
  add(panes: Pane<WindowState>[]): void {
    this.settle()
    if (panes.length > 0) this.panes = this.maker.inOrder(panes)
  }

  /** A pane in the order of publication. */
  addOne(pane: Pane<WindowState>): void {
    this.results.push(this.of(pane))
  }

  /** Windows are about to change: everything that waits becomes results now. */
  settle(): void {
    if (this.panes !== undefined) this.make(Number.POSITIVE_INFINITY)
  }

  /** Whether the next `take` has results. */
  get isWaiting(): boolean {
    return this.results.length > 0 || this.panes !== undefined
  }

  /** Results since the last call, about so many at most, and whether there are more. */
  take(limit: number): { readonly results: readonly WindowResult[]; readonly more: boolean } {
    if (this.panes !== undefined) this.make(limit)
    const { results } = this
    if (results.length > 0) this.results = []
    return { results: results.length > 0 ? results : none, more: this.panes !== undefined }
  }

  /** Of the results that were made. */
  get published(): PublishedSums {
    return { ...this.sums }
  }

  restore(published: PublishedSums): void {
    this.sums = { ...published }
  }

  private make(limit: number): void {
    while (this.results.length < limit) {
      const { done, value } = this.panes!.next()
      if (done === true) {
        this.panes = undefined
        return
      }
      this.results.push(this.of(value))
    }
  }

  private of(pane: Pane<WindowState>): WindowResult {
    const result = this.maker.of(pane)
    this.sums[result.pane]++
    if (result.revision === 0) this.sums.windows++
    return result
  }
}
