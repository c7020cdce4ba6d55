import type { GroupNames, RollingRecord } from '../snapshot/snapshot.js'
import type { Aggregate } from '../store/aggregate.js'
import type { LiveGroups } from '../store/groups.js'
import type { Pane, PaneKind } from '../store/pane.js'
import type { Assigner } from '../time/assigner.js'
import { sizeKey, type WindowSize } from '../time/size.js'
import { type Part, RollingState } from './rolling-state.js'
import { RollingSteps } from './rolling-steps.js'

/** The last `count` windows of a size, at the end of each: `{ every: day, count: 30 }` is the last 30 days, each day. */
export interface RollingView {
  /** names the view in panes; unique among sizes and views */
  readonly name: string
  /** the step; it need not be published itself */
  readonly every: WindowSize
  /** steps in the view, a whole number from 2 */
  readonly count: number
}

const never = Number.NEGATIVE_INFINITY
const always = Number.POSITIVE_INFINITY

/**
 * The panes of a rolling view: unions of the panes of its steps. A view comes out when the watermark passes the end
 * of its last step, also when that step is empty, and again when a step in it is corrected. It has no early panes,
 * and the flush gives it up to the end of the last step that holds events.
 */
export class RollingPanes<S> {
  private readonly steps: RollingSteps
  private readonly state: RollingState<S>
  private changed: { part: Part<S>; group: number }[] = []
  /** views that end at or before `fired + 1` have come out */
  private fired = never

  /** What the view is called in snapshots: one of the same name over other steps is another one. */
  readonly id: string
  /** The least watermark at which a view is due. */
  attention = always
  /** The least watermark at which a step can be forgotten. */
  expiry = always

  /**
   * @param index position among sizes and views, for the order of panes
   * @param step the assigner of the view's step
   */
  constructor(
    readonly view: RollingView,
    private readonly index: number,
    step: Assigner,
    private readonly aggregate: Aggregate<S>,
    private readonly lateness: number,
    live: LiveGroups,
  ) {
    this.id = `${view.name} ${sizeKey(view.every)}`
    this.steps = new RollingSteps(step, view.count)
    this.state = new RollingState(this.id, this.steps, aggregate, lateness, live)
  }

  /** Takes a final or corrected pane of the step. */
  take({ start, end, group, state, events }: Pane<S>): void {
    const part = this.state.part(start, end)
    const copy = state === undefined ? undefined : this.aggregate.copy(state)
    this.state.hold(part, group, copy, events)
    this.changed.push({ part, group })
  }

  /**
   * The panes due at a watermark: views that end in time, then corrections, each by end and first step.
   *
   * @param before the watermark before this step: views that end at or before it are corrected, if they change
   */
  fire(watermark: number, before: number): Pane<S>[] {
    this.fired = Math.max(this.fired, before)
    const panes: Pane<S>[] = []
    const parts = [...this.state.parts.values()].sort((a, b) => a.start - b.start)
    const limit = watermark === always ? (parts.at(-1)?.end ?? never) - 1 : watermark
    for (const end of this.dueEnds(parts, limit)) {
      const covered = parts.filter((part) => covers(part, end))
      const groups = new Set(covered.flatMap((part) => [...part.groups.keys()]))
      const start = this.steps.startOf(end)
      for (const group of groups) panes.push(this.pane('final', covered, start, end, group, watermark))
    }
    for (const pane of this.corrections(parts, watermark)) panes.push(pane)
    this.fired = Math.max(this.fired, watermark)
    this.state.forget(watermark)
    this.lookAhead(watermark)
    return panes
  }

  /** The ends of views that hold anything, after those that have come out and up to a watermark, in order. */
  private dueEnds(parts: readonly Part<S>[], limit: number): number[] {
    const due: number[] = []
    let next = this.endAfter(this.fired)
    // Parts are in order, so one walk over the steps meets each end once, however many parts it covers.
    for (const part of parts) {
      for (next = Math.max(next, part.end); next <= part.lastEnd && next - 1 <= limit; ) {
        due.push(next)
        next = this.endAfter(next - 1)
      }
    }
    return due
  }

  private corrections(parts: readonly Part<S>[], watermark: number): Pane<S>[] {
    const affected = new Map<number, Set<number>>()
    for (const { part, group } of this.changed) {
      for (let { end } = part; end <= part.lastEnd && end - 1 <= this.fired; end = this.endAfter(end - 1)) {
        affected.set(end, (affected.get(end) ?? new Set()).add(group))
      }
    }
    this.changed = []
    return [...affected]
      .sort(([a], [b]) => a - b)
      .flatMap(([end, groups]) => {
        const covered = parts.filter((part) => covers(part, end))
        const start = this.steps.startOf(end)
        return [...groups].map((group) => this.pane('corrected', covered, start, end, group, watermark))
      })
  }

  private pane(
    kind: PaneKind,
    covered: readonly Part<S>[],
    start: number,
    end: number,
    group: number,
    watermark: number,
  ): Pane<S> {
    let state: S | undefined
    let events = 0
    for (const part of covered) {
      const held = part.groups.get(group)
      if (held === undefined) continue
      events += held.events
      if (state === undefined) state = held.state === undefined ? undefined : this.aggregate.copy(held.state)
      else if (held.state !== undefined) this.aggregate.merge(state, held.state)
    }
    const revision = this.state.revise(end, group)
    const last = end - 1 + this.lateness <= watermark
    const { name } = this.view
    return {
      kind,
      window: name,
      size: this.index,
      start,
      end,
      group,
      revision,
      events,
      state: state as S,
      last,
      watermark,
    }
  }

  /** Finds what is to be done next after a watermark. */
  private lookAhead(watermark: number): void {
    this.attention = always
    this.expiry = always
    const following = this.endAfter(watermark)
    for (const { end, lastEnd } of this.state.parts.values()) {
      this.expiry = Math.min(this.expiry, lastEnd - 1 + this.lateness)
      const next = Math.max(following, end)
      if (next <= lastEnd) this.attention = Math.min(this.attention, next - 1)
    }
  }

  /** Steps and revisions by name, or what changed of them since the last save. */
  save(names: GroupNames | undefined, changesOnly: boolean): Record<string, RollingRecord | null> {
    return this.state.save(names, changesOnly)
  }

  /** Takes over what `save` gave, at the watermark of then. */
  load(
    records: Readonly<Record<string, RollingRecord | null>>,
    names: GroupNames | undefined,
    watermark: number,
  ): void {
    this.state.load(records, names)
    this.fired = watermark
    // Nothing is forgotten: a correction that waits for the end of a base window needs all steps.
    this.lookAhead(watermark)
  }

  /** The end of the first step that a watermark has not passed. */
  private endAfter(watermark: number): number {
    return this.steps.endAfter(watermark + 1)
  }
}

function covers(part: Part<unknown>, end: number): boolean {
  return part.end <= end && end <= part.lastEnd
}
