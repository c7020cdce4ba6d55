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

  /** Whether `takePanes` is to be called before the next push. */
  get panesDue(): boolean {
    return this.core.due
  }

  /** Rows by what became of them; `held` is how many the guard holds now. */
  get counters(): Record<OutcomeName, number> {
    const counters = Object.fromEntries(outcomeNames.map((name, i) => [name, this.core.tally[i]!]))
    let held = 0
    for (const { guard } of this.core.partitions.values()) held += guard.held.length
    return { ...counters, held } as Record<OutcomeName, number>
  }

  /** How many windows hold state, hidden base windows left out. */
  get openWindows(): number {
    return Object.values(this.openBySize).reduce((sum, count) => sum + count, 0)
  }

  /** Open windows of each size by name. */
  get openBySize(): Record<string, number> {
    return openBySize(this.core.store.open)
  }

  /** Bytes that the states take, as `Aggregate.measure` tells, by size; of hidden ones too. What rolling views keep of steps is left out. */
  get stateBytes(): Record<string, number> {
    return stateBytes(this.core.store.open)
  }

  /** How many results (of a window and a group) a flush would give: those that have not come out, or changed since. Rolling views are left out. */
  get unfinished(): number {
    return unfinished(this.core.store.open)
  }

  /** The end of the open window that fires next, in ms; -Infinity: none waits for its end. */
  get nextEnd(): number {
    return this.core.store.oldest
  }

  /** Distinct groups that open base windows use; the null and the overflow group do not count. */
  get liveGroups(): number {
    return this.core.store.open.groups.count
  }

  /** Whether an open window, a rolling view or a held frame uses a group id. Ids of panes just taken may have ceased to be live. */
  isLiveGroup(group: number): boolean {
    expectGroupId(group)
    return this.core.store.open.groups.isLive(group)
  }

  /** Whether a partition is idle: told so, and holding no frame that nothing has contradicted. */
  isIdle(partition: number): boolean {
    return this.core.partition(partition).mark.idle
  }

  /** What the far-future guard of a partition has done since the engine was made. */
  guardFigures(partition: number): GuardFigures {
    return this.core.partition(partition).guard.figures
  }

  /** The watermark of a partition in ms; -Infinity: none yet. */
  partitionWatermark(partition: number): number {
    return this.core.partition(partition).mark.watermark
  }

  /**
   * The partitions whose watermark is more than `skew` ms past the combined one: to be paused, for each
   * keeps `skew / size` windows more open. Before there is a combined watermark, the oldest open window stands for it.
   */
  tooFarAhead(skew: number): number[] {
    expectTime('skew', skew)
    const from = Math.max(this.watermark, this.core.store.oldest)
    return [...this.core.partitions.keys()].filter((p) => this.partitionWatermark(p) - from > skew)
  }
}
