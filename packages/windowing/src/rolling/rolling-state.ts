import { groupOf, nameOf } from '../guard/guard-record.js'
import type { GroupNames, RollingRecord } from '../snapshot/snapshot.js'
import type { Aggregate } from '../store/aggregate.js'
import type { LiveGroups } from '../store/groups.js'
import type { RollingSteps } from './rolling-steps.js'

/** What one step holds for each group, kept while a view that covers it can change. */
export interface Part<S> {
  readonly start: number
  readonly end: number
  /** the end of the last view that covers the step */
  readonly lastEnd: number
  readonly groups: Map<number, Held<S>>
}

interface Held<S> {
  state: S | undefined
  events: number
  /** its name in snapshots; undefined until it is in one */
  key: string | undefined
  /** unchanged since the last snapshot */
  saved: boolean
}

/** The next revision of a view for one group. */
interface Next {
  revision: number
  key: string | undefined
  saved: boolean
}

/** What a rolling view keeps: the panes of its steps, and the next revision of each view that can still change. */
export class RollingState<S> {
  readonly parts = new Map<number, Part<S>>()
  /** by end and group */
  private readonly revisions = new Map<number, Map<number, Next>>()
  /** names of what was in the last snapshot and is gone */
  private gone: string[] = []

  /** @param id what the view is called in snapshots */
  constructor(
    private readonly id: string,
    private readonly steps: RollingSteps,
    private readonly aggregate: Aggregate<S>,
    private readonly lateness: number,
    private readonly live: LiveGroups,
  ) {}

  /** The step that begins at `start`. */
  part(start: number, end: number): Part<S> {
    let part = this.parts.get(start)
    if (part === undefined) {
      part = { start, end, lastEnd: this.steps.lastEnd(end), groups: new Map() }
      this.parts.set(start, part)
    }
    return part
  }

  /** Sets what a step holds for a group. */
  hold(part: Part<S>, group: number, state: S | undefined, events: number): Held<S> {
    let held = part.groups.get(group)
    if (held === undefined) {
      this.live.addCell(group)
      held = { state, events, key: undefined, saved: false }
      part.groups.set(group, held)
    }
    return Object.assign(held, { state, events, saved: false })
  }

  /** The revision of the next pane of a view, which is counted. */
  revise(end: number, group: number): number {
    const next = this.next(end, group)
    next.saved = false
    return next.revision++
  }

  /** Forgets steps and views that cannot change any more. */
  forget(watermark: number): void {
    for (const part of this.parts.values()) {
      if (part.lastEnd - 1 + this.lateness <= watermark) {
        this.parts.delete(part.start)
        for (const [group, { key }] of part.groups) {
          this.live.removeCell(group)
          if (key !== undefined) this.gone.push(key)
        }
      }
    }
    for (const [end, groups] of this.revisions) {
      if (end - 1 + this.lateness > watermark) continue
      this.revisions.delete(end)
      for (const { key } of groups.values()) if (key !== undefined) this.gone.push(key)
    }
  }

  /** Steps and revisions by name, or what changed of them since the last save. */
  save(names: GroupNames | undefined, changesOnly: boolean): Record<string, RollingRecord | null> {
    const records: Record<string, RollingRecord | null> = {}
    if (changesOnly) for (const key of this.gone) records[key] = null
    this.gone = []
    for (const { start, groups } of this.parts.values()) {
      for (const [group, held] of groups) {
        if (changesOnly && held.saved) continue
        held.key ??= JSON.stringify([this.id, 'step', start, nameOf(group, names)])
        held.saved = true
        const { state, events } = held
        records[held.key] = state === undefined ? { events } : { events, state: this.aggregate.save(state) }
      }
    }
    for (const [end, groups] of this.revisions) {
      for (const [group, next] of groups) {
        if (changesOnly && next.saved) continue
        next.key ??= JSON.stringify([this.id, 'view', end, nameOf(group, names)])
        next.saved = true
        records[next.key] = { revision: next.revision }
      }
    }
    return records
  }

  /** Takes over what `save` gave. */
  load(records: Readonly<Record<string, RollingRecord | null>>, names: GroupNames | undefined): void {
    for (const [key, record] of Object.entries(records)) {
      const [view, kind, time, name] = JSON.parse(key) as [string, string, number, string | number]
      if (view !== this.id || record === null) continue
      const group = groupOf(name, names)
      if (kind === 'view') {
        Object.assign(this.next(time, group), { revision: record.revision!, key, saved: true })
        continue
      }
      const part = this.part(time, this.steps.endAfter(time))
      const state = 'state' in record ? this.aggregate.load(record.state) : undefined
      // Kept under its name, so that the changes to come say when it is gone.
      Object.assign(this.hold(part, group, state, record.events!), { key, saved: true })
    }
  }

  private next(end: number, group: number): Next {
    const groups = this.revisions.get(end) ?? new Map<number, Next>()
    this.revisions.set(end, groups)
    const next = groups.get(group) ?? { revision: 0, key: undefined, saved: false }
    groups.set(group, next)
    return next
  }
}
