import type { Saved } from '../snapshot/saved.js'
import type { Pane, PaneKind } from '../store/pane.js'
import { type Pause, paced } from '../store/pauses.js'
import { sizeKey } from '../time/size.js'
import { type Held, type NextRevision, type Part, unionOf } from './rolling-parts.js'
import { RollingSpans } from './rolling-spans.js'
import { RollingState } from './rolling-state.js'
import { RollingSteps } from './rolling-steps.js'
import type { RollingOptions, RollingView } from './rolling-view.js'

const never = Number.NEGATIVE_INFINITY
const always = Number.POSITIVE_INFINITY

/**
 * The panes of a rolling view: unions of the panes of its steps. A view comes out when the watermark passes the end
 * of its last step, also when that step is empty, and again when a step in it is corrected. It has no early panes. The
 * flush gives it up to the end of the last step that holds events or that the watermark of a partition has passed: how
 * far the combined watermark had come depends on how partitions were read.
 */
export class RollingPanes<S> {
  /** What the view is called in snapshots: one of the same name over other steps is another one. */
  readonly id: string
  /** The least watermark at which a view is due. */
  attention = always
  /** The least watermark at which a step can be forgotten. */
  expiry = always

  private readonly steps: RollingSteps
  private readonly state: RollingState<S>
  /** what changed and may be in views that came out before */
  private changed: Held<S>[] = []
  /** counts the changes of steps */
  private changes = 1
  /** views that end at or before `fired + 1` have come out */
  private fired = never
  /** the greatest watermark of any partition before the end of input */
  private reached = never
  /** no view that ends later has been announced */
  private lastAnnounced = never
  private readonly spans: RollingSpans<S>

  constructor(
    readonly view: RollingView,
    private readonly options: RollingOptions<S>,
  ) {
    this.id = `${view.name} ${sizeKey(view.every)}`
    this.steps = new RollingSteps(options.step, view.count)
    this.state = new RollingState({ ...options, view: this.id, steps: this.steps })
    this.spans = new RollingSpans(this.state.parts, this.steps)
  }

  /** Takes what a step holds for a group; no effect where that is known already. */
  take({
    start,
    end,
    group,
    state,
    events,
  }: Pick<Pane<S>, 'start' | 'end' | 'group' | 'state' | 'events'>): void {
    const part = this.state.part(start, end)
    if (part.groups.get(group)?.events === events) return
    const copy = state === undefined ? undefined : this.options.aggregate.copy(state)
    const held = this.state.hold(part, group, copy, events)
    held.changedAt = ++this.changes
    this.changed.push(held)
  }

  /**
   * The panes due at a watermark: views that end in time, then corrections, each by end and first step.
   *
   * @param before the watermark before this step: views that end at or before it are corrected, if they change
   */
  fire(watermark: number, before: number): Pane<S>[] {
    this.pass(before)
    const parts = [...this.state.parts.values()].sort((a, b) => a.start - b.start)
    const panes: Pane<S>[] = []
    const limit = watermark === always ? Math.max((parts.at(-1)?.end ?? never) - 1, this.reached) : watermark
    for (const end of this.dueEnds(parts, limit)) {
      for (const group of new Set(this.groupsIn(end))) {
        if (!this.isAnnounced(end, group)) panes.push(this.pane('final', end, group, watermark))
      }
    }
    for (let end = this.correctionAfter(never); end < always; end = this.correctionAfter(end)) {
      const groups = new Set<number>()
      for (const held of this.changed) if (this.isOutdated(end, held)) groups.add(held.group)
      for (const group of groups) panes.push(this.pane('corrected', end, group, watermark))
    }
    for (const held of this.changed) this.settle(held)
    this.changed = []
    this.pass(watermark)
    this.state.forget(watermark)
    this.spans.forget()
    this.lookAhead(watermark)
    return panes
  }

  /** Views that end at or before a watermark have come out. */
  pass(watermark: number): void {
    this.fired = Math.max(this.fired, watermark)
  }

  /** The end of input comes next; before it a partition has reached this watermark. */
  reach(watermark: number): void {
    this.reached = Math.max(this.reached, watermark)
  }

  /** The end of the newest step that holds events; -Infinity: none does. */
  get newestEnd(): number {
    let newest = never
    for (const { end } of this.state.parts.values()) if (end > newest) newest = end
    return newest
  }

  /** The end of the first view after `after` that the watermark has not passed; Infinity: none that holds anything. */
  nextEnd(after: number): number {
    const from = Math.max(this.steps.endAfter(after), this.endAfter(this.fired))
    let next = always
    for (const { end, lastEnd } of this.state.parts.values()) {
      const first = Math.max(from, end)
      if (first <= lastEnd && first < next) next = first
    }
    return next
  }

  /** The groups that the steps of the view with this end hold, some more than once. */
  *groupsIn(end: number): Generator<number, void, undefined> {
    for (const part of this.spans.at(end, this.changes).covered) yield* part.groups.keys()
  }

  /** Whether the view with this end has not come out for a group. */
  isUnpublished(end: number, group: number): boolean {
    return end - 1 > this.fired && !this.isAnnounced(end, group)
  }

  /** What changed and may be in views that came out before. */
  get changedSteps(): readonly Held<S>[] {
    return this.changed
  }

  /** The end of the first view after `after` that came out and has changed since; Infinity: none. */
  *nextCorrection(after: number): Generator<Pause, number, undefined> {
    let next = always
    yield* paced(this.changed, (held) => {
      next = this.correctionOf(held, after, next)
    })
    return next
  }

  /** The pane of a view that the watermark has not made due. */
  announce(kind: PaneKind, end: number, group: number, watermark: number): Pane<S> {
    this.lastAnnounced = Math.max(this.lastAnnounced, end)
    const pane = this.pane(kind, end, group, watermark)
    this.state.next(end, group).announced = true
    return pane
  }

  /** Forgets changes that every view that came out has. */
  *dropCorrected(): Generator<Pause, void, undefined> {
    yield* paced(this.changed, (held) => {
      if (!this.endsOut(held).some((end) => this.isOutdated(end, held))) this.settle(held)
    })
    this.changed = this.changed.filter(({ changedAt }) => changedAt > 0)
  }

  /** What all steps hold, for a snapshot. */
  held(): Iterable<Held<S>> {
    return this.state.held()
  }

  /** The next revisions of all views that can still change, for a snapshot. */
  revisions(): Iterable<NextRevision> {
    return this.state.nextRevisions()
  }

  /** Takes over a record of a snapshot; false when it is of something else. */
  load(record: Saved<S>): boolean {
    return this.state.load(record)
  }

  /** Goes on at the watermark of a snapshot. */
  beginAt(watermark: number): void {
    this.fired = watermark
    for (const { groups } of this.state.parts.values()) {
      for (const held of groups.values()) if (held.changedAt > 0) this.changed.push(held)
    }
    for (const [end, groups] of this.state.revisions) {
      for (const { announced } of groups.values()) {
        if (announced) this.lastAnnounced = Math.max(this.lastAnnounced, end)
      }
    }
    // Nothing is forgotten: a correction that waits for the end of a base window needs all steps.
    this.lookAhead(watermark)
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

  /** The end of the first view after `after` that came out and has changed since; Infinity: none. */
  private correctionAfter(after: number): number {
    let next = always
    for (const held of this.changed) next = this.correctionOf(held, after, next)
    return next
  }

  /** The same of what one step holds, where it is before `next`. */
  private correctionOf(held: Held<S>, after: number, next: number): number {
    for (const end of this.endsOut(held)) {
      if (end >= next) break
      if (end > after && this.isOutdated(end, held)) return end
    }
    return next
  }

  /** The ends of views that hold a step and may have come out. */
  private endsOut({ part }: Held<S>): number[] {
    const ends: number[] = []
    for (let { end } = part; end <= part.lastEnd; end = this.endAfter(end - 1)) {
      if (end - 1 > this.fired && end > this.lastAnnounced) break
      ends.push(end)
    }
    return ends
  }

  private isAnnounced(end: number, group: number): boolean {
    return this.state.revisions.get(end)?.get(group)?.announced === true
  }

  /** Whether the view with this end came out before a step of it changed. */
  isOutdated(end: number, { part, group, changedAt }: Held<S>): boolean {
    if (end < part.end || end > part.lastEnd) return false
    const next = this.state.revisions.get(end)?.get(group)
    if (end - 1 > this.fired && next?.announced !== true) return false
    return changedAt > (next?.publishedAt ?? 0)
  }

  /** Every view that came out has what a step holds. */
  private settle(held: Held<S>): void {
    if (held.changedAt === 0) return
    this.options.log.steps.note(held)
    held.changedAt = 0
  }

  private pane(kind: PaneKind, end: number, group: number, watermark: number): Pane<S> {
    const { aggregate, lateness, index, log } = this.options
    const { covered, start } = this.spans.at(end, this.changes)
    const { state, events } = unionOf(covered, group, aggregate)
    const next = this.state.next(end, group)
    log.revisions.note(next)
    next.publishedAt = this.changes
    const revision = next.revision++
    return {
      kind,
      window: this.view.name,
      size: index,
      start,
      end,
      group,
      revision,
      events,
      added: events,
      state: state as S,
      last: end - 1 + lateness <= watermark,
      watermark,
    }
  }

  /** Finds what is to be done next after a watermark. */
  private lookAhead(watermark: number): void {
    this.attention = always
    this.expiry = always
    const following = this.endAfter(watermark)
    for (const { end, lastEnd } of this.state.parts.values()) {
      this.expiry = Math.min(this.expiry, lastEnd - 1 + this.options.lateness)
      const next = Math.max(following, end)
      if (next <= lastEnd) this.attention = Math.min(this.attention, next - 1)
    }
  }

  /** The end of the first step that a watermark has not passed. */
  private endAfter(watermark: number): number {
    return this.steps.endAfter(watermark + 1)
  }
}
