import type { Saved } from '../snapshot/saved.js'
import type { Aggregate } from '../store/aggregate.js'
import type { ChangeLog } from '../store/change-log.js'
import type { LiveGroups } from '../store/groups.js'
import type { Held, NextRevision, Part } from './rolling-parts.js'
import type { RollingSteps } from './rolling-steps.js'

/** Settings of {@link RollingState}. */
export interface RollingStateOptions<S> {
  /** the view, as snapshots name it */
  readonly view: string
  readonly steps: RollingSteps
  readonly aggregate: Aggregate<S>
  readonly lateness: number
  readonly live: LiveGroups
  readonly log: ChangeLog<S>
}

/** What a rolling view keeps: the panes of its steps, and the next revision of each view that can still change. */
export class RollingState<S> {
  readonly parts = new Map<number, Part<S>>()
  /** by end and group */
  readonly revisions = new Map<number, Map<number, NextRevision>>()

  constructor(private readonly options: RollingStateOptions<S>) {}

  /** The step that begins at `start`. */
  part(start: number, end: number): Part<S> {
    let part = this.parts.get(start)
    if (part === undefined) {
      const { view, steps } = this.options
      part = { view, start, end, lastEnd: steps.lastEnd(end), groups: new Map(), closed: false }
      this.parts.set(start, part)
    }
    return part
  }

  /** Sets what a step holds for a group. */
  hold(part: Part<S>, group: number, state: S | undefined, events: number): Held<S> {
    const { steps } = this.options.log
    const held = part.groups.get(group)
    if (held === undefined) {
      const begun = this.beginHeld(part, group, state, events)
      steps.add(begun)
      return begun
    }
    steps.note(held)
    held.state = state
    held.events = events
    return held
  }

  /** The next revision of a view for a group, from 0. */
  next(end: number, group: number): NextRevision {
    const known = this.revisions.get(end)?.get(group)
    if (known !== undefined) return known
    const next = this.beginRevision(end, group)
    this.options.log.revisions.add(next)
    return next
  }

  /** Forgets steps and views that cannot change any more. */
  forget(watermark: number): void {
    const { lateness, live, log, view } = this.options
    for (const part of this.parts.values()) {
      if (part.lastEnd - 1 + lateness > watermark) continue
      this.parts.delete(part.start)
      part.closed = true
      log.forget('step', view, part.start)
      for (const group of part.groups.keys()) live.removeCell(group)
    }
    for (const [end, groups] of this.revisions) {
      if (end - 1 + lateness > watermark) continue
      this.revisions.delete(end)
      log.forget('revisions', view, end)
      for (const next of groups.values()) next.closed = true
    }
  }

  /** What all steps hold. */
  *held(): Generator<Held<S>> {
    for (const { groups } of this.parts.values()) yield* groups.values()
  }

  /** The next revisions of all views that can still change. */
  *nextRevisions(): Generator<NextRevision> {
    for (const groups of this.revisions.values()) yield* groups.values()
  }

  /** Takes over what a snapshot holds of the view; false for a record of something else. */
  load(record: Saved<S>): boolean {
    const { log, view } = this.options
    if (record.kind === 'step' && record.view === view) {
      const part = this.part(record.start, record.end)
      const held = this.beginHeld(part, record.group, record.state, record.events)
      held.changedAt = record.changed ? 1 : 0
      log.steps.addSaved(held)
      return true
    }
    if (record.kind === 'revision' && record.view === view) {
      const next = this.beginRevision(record.end, record.group)
      next.revision = record.revision
      next.announced = record.announced
      log.revisions.addSaved(next)
      return true
    }
    return false
  }

  private beginHeld(part: Part<S>, group: number, state: S | undefined, events: number): Held<S> {
    const held = { part, group, state, events, changedAt: 0, listed: false }
    part.groups.set(group, held)
    this.options.live.addCell(group)
    return held
  }

  private beginRevision(end: number, group: number): NextRevision {
    let groups = this.revisions.get(end)
    if (groups === undefined) {
      groups = new Map()
      this.revisions.set(end, groups)
    }
    const { view } = this.options
    const next = {
      view,
      end,
      group,
      revision: 0,
      announced: false,
      publishedAt: 0,
      closed: false,
      listed: false,
    }
    groups.set(group, next)
    return next
  }
}
