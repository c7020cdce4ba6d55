import { expectGroupId, expectTime } from '../checks.js'
import type { GuardFigures } from '../guard/guard.js'
import { type OutcomeName, outcomeNames } from '../intake/runs.js'
import { openBySize, stateBytes, unfinished } from '../store/figures.js'
import type { EngineCore } from './core.js'

/** What an engine tells of itself. */
export abstract class EngineFigures<S> {
  /** @internal */
  protected readonly core: EngineCore<S>

  /** @internal */
  constructor(core: EngineCore<S>) {
    this.core = core
  }

  /** The combined watermark in ms; -Infinity: none yet, Infinity: after the flush. */
  get watermark(): number {
    return this.core.watermarks.combined
  }

  /** Whether `takePanes` must be called before the next push. */
  get panesDue(): boolean {
    return this.core.due
  }

  /** Rows by outcome; `held` is how many the guard holds now. */
  get counters(): Record<OutcomeName, number> {
    const counters = Object.fromEntries(outcomeNames.map((name, i) => [name, this.core.tally[i]!]))
    let held = 0
    for (const { guard } of this.core.partitions.values()) held += guard.held.length
    return { ...counters, held } as Record<OutcomeName, number>
  }

  /** How many windows hold state, without hidden base windows. */
  get openWindows(): number {
    return Object.values(this.openBySize).reduce((sum, count) => sum + count, 0)
  }

  /** Open windows of each size by name. */
  get openBySize(): Record<string, number> {
    return openBySize(this.core.store.open)
  }

  /** Bytes of the states by size, as `Aggregate.measure` returns them, including hidden sizes but not the steps that rolling views keep. */
  get stateBytes(): Record<string, number> {
    return stateBytes(this.core.store.open)
  }

  /** How many results (of a window and a group) a flush would publish: those not published yet, or changed since. Without rolling views. */
  get unfinished(): number {
    return unfinished(this.core.store.open)
  }

  /** The end of the open window that fires next, in ms; -Infinity if there is none. */
  get nextEnd(): number {
    return this.core.store.oldest
  }

  /** Distinct groups that open base windows use; the null and the overflow group do not count. */
  get liveGroups(): number {
    return this.core.store.open.groups.count
  }

  /** Whether an open window, a rolling view or a held frame uses a group id. Ids in panes just taken may no longer be live. */
  isLiveGroup(group: number): boolean {
    expectGroupId(group)
    return this.core.store.open.groups.isLive(group)
  }

  /** Whether a partition is idle: declared so, and without held frames that are not contradicted. */
  isIdle(partition: number): boolean {
    return this.core.partition(partition).mark.idle
  }

  /** What the far-future guard of a partition has done since the engine was created. */
  guardFigures(partition: number): GuardFigures {
    return this.core.partition(partition).guard.figures
  }

  /** The watermark of a partition in ms; -Infinity: none yet. */
  partitionWatermark(partition: number): number {
    return this.core.partition(partition).mark.watermark
  }

  /**
   * The partitions whose watermark is more than `skew` ms past the combined one. Pause them (watermark alignment), since each
   * keeps `skew / size` more windows open. Until there is a combined watermark, the oldest open window is taken instead.
   */
  tooFarAhead(skew: number): number[] {
    expectTime('skew', skew)
    const from = Math.max(this.watermark, this.core.store.oldest)
    return [...this.core.partitions.keys()].filter((p) => this.partitionWatermark(p) - from > skew)
  }
}
