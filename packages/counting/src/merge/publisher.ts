import type { Pane } from '@card/windowing'
import type { ResultMaker, WindowResult } from '../result.js'
import type { WindowState } from '../state/window-state.js'
import type { PublishedSums } from './merge-step.js'

/** Collects results for the step to come, and counts them. */
export class Publisher {
  private results: WindowResult[] = []
  private sums: { -readonly [name in keyof PublishedSums]: number } = {
    windows: 0,
    early: 0,
    final: 0,
    corrected: 0,
  }

  constructor(readonly maker: ResultMaker) {}

  /** Panes that are due. */
  add(panes: readonly Pane<WindowState>[]): void {
    const from = this.results.length
    this.maker.append(panes, this.results)
    for (let at = from; at < this.results.length; at++) this.count(this.results[at]!)
  }

  /** A pane in the order in which it is to be published. */
  addOne(pane: Pane<WindowState>): void {
    const result = this.maker.of(pane)
    this.results.push(result)
    this.count(result)
  }

  /** The results since the last call. */
  take(): WindowResult[] {
    const { results } = this
    if (results.length > 0) this.results = []
    return results
  }

  get published(): PublishedSums {
    return { ...this.sums }
  }

  restore(published: PublishedSums): void {
    this.sums = { ...published }
  }

  private count({ pane, revision }: WindowResult): void {
    this.sums[pane]++
    if (revision === 0) this.sums.windows++
  }
}
