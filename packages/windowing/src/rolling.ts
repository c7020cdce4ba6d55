import type { Aggregate } from './aggregate.js'
import type { Assigner } from './assigner.js'
import type { LiveGroups } from './groups.js'
import { groupOf } from './guard-record.js'
import type { Pane, PaneKind } from './pane.js'
import { sizeKey, type WindowSize } from './size.js'
import type { GroupNames, RollingRecord } from './snapshot.js'

/** The last `count` windows of a size, at the end of each: `{ every: day, count: 30 }` is the last 30 days, each day. */
export interface RollingView {
  /** names the view in panes; unique among sizes and views */
  readonly name: string
  /** the step; it need not be published itself */
  readonly every: WindowSize
  /** steps in the view, a whole number from 2 */
  readonly count: number
}

/** What one step holds for each group, kept while a view that covers it can change. */
interface Part<S> {
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

const never = Number.NEGATIVE_INFINITY
const always = Number.POSITIVE_INFINITY

/**
 * The panes of a rolling view: unions of the panes of its steps. A view comes out when the watermark passes the end
 * of its last step, also when that step is empty, and again when a step in it is corrected. It has no early panes,
 * and the flush gives it up to the end of the last step that holds events.
 */
export class RollingPanes<S> {
  private readonly parts = new Map<number, Part<S>>()
  /** the next revision of views that can still change, by end and group */
  private readonly revisions = new Map<number, Map<number, Next>>()
  /** names of what was in the last snapshot and is gone */
  private gone: string[] = []
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
    private readonly step: Assigner,
    private readonly aggregate: Aggregate<S>,
    private readonly lateness: number,
    private readonly live: LiveGroups,
  ) {
    this.id = `${view.name} ${sizeKey(view.every)}`
  }

  /** Takes a final or corrected pane of the step. */
  take({ start, end, group, state, events }: Pane<S>): void {
    let part = this.parts.get(start)
    if (part === undefined) part = this.begin(start, end)
    const copy = state === undefined ? undefined : this.aggregate.copy(state)
    this.hold(part, group, copy, events)
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
    const parts = [...this.parts.values()].sort((a, b) => a.start - b.start)
    const limit = watermark === always ? (parts.at(-1)?.end ?? never) - 1 : watermark
    for (const end of this.dueEnds(parts, limit)) {
      const covered = parts.filter((part) => covers(part, end))
      const groups = new Set(covered.flatMap((part) => [...part.groups.keys()]))
      const start = this.startOf(end)
      for (const group of groups) panes.push(this.pane('final', covered, start, end, group, watermark))
    }
    for (const pane of this.corrections(parts, watermark)) panes.push(pane)
    this.fired = Math.max(this.fired, watermark)
    this.forget(watermark)
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
        const start = this.startOf(end)
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
    const next = this.next(end, group)
    next.saved = false
    const revision = next.revision++
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

  /** Forgets steps and views that cannot change any more. */
  private forget(watermark: number): void {
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

  /** Finds what is to be done next after a watermark. */
  private lookAhead(watermark: number): void {
    this.attention = always
    this.expiry = always
    const following = this.endAfter(watermark)
    for (const { end, lastEnd } of this.parts.values()) {
      this.expiry = Math.min(this.expiry, lastEnd - 1 + this.lateness)
      const next = Math.max(following, end)
      if (next <= lastEnd) this.attention = Math.min(this.attention, next - 1)
    }
  }

  /** Steps and revisions by name, or what changed of them since the last save. */
  save(names: GroupNames | undefined, changesOnly: boolean): Record<string, RollingRecord | null> {
    const records: Record<string, RollingRecord | null> = {}
    if (changesOnly) for (const key of this.gone) records[key] = null
    this.gone = []
    const nameOf = (group: number) => (names === undefined ? group : names.name(group))
    for (const { start, groups } of this.parts.values()) {
      for (const [group, held] of groups) {
        if (changesOnly && held.saved) continue
        held.key ??= JSON.stringify([this.id, 'step', start, nameOf(group)])
        held.saved = true
        const { state, events } = held
        records[held.key] = state === undefined ? { events } : { events, state: this.aggregate.save(state) }
      }
    }
    for (const [end, groups] of this.revisions) {
      for (const [group, next] of groups) {
        if (changesOnly && next.saved) continue
        next.key ??= JSON.stringify([this.id, 'view', end, nameOf(group)])
        next.saved = true
        records[next.key] = { revision: next.revision }
      }
    }
    return records
  }

  /** Takes over what `save` gave, at the watermark of then. */
  load(
    records: Readonly<Record<string, RollingRecord | null>>,
    names: GroupNames | undefined,
    watermark: number,
  ): void {
    for (const [key, record] of Object.entries(records)) {
      const [view, kind, time, name] = JSON.parse(key) as [string, string, number, string | number]
      if (view !== this.id || record === null) continue
      const group = groupOf(name, names)
      if (kind === 'view') {
        Object.assign(this.next(time, group), { revision: record.revision!, key, saved: true })
        continue
      }
      this.step.locate(time)
      const part = this.parts.get(time) ?? this.begin(time, this.step.end)
      const state = 'state' in record ? this.aggregate.load(record.state) : undefined
      // Kept under its name, so that the changes to come say when it is gone.
      Object.assign(this.hold(part, group, state, record.events!), { key, saved: true })
    }
    this.fired = watermark
    // Nothing is forgotten: a correction that waits for the end of a base window needs all steps.
    this.lookAhead(watermark)
  }

  private hold(part: Part<S>, group: number, state: S | undefined, events: number): Held<S> {
    let held = part.groups.get(group)
    if (held === undefined) {
      this.live.addCell(group)
      held = { state, events, key: undefined, saved: false }
      part.groups.set(group, held)
    }
    return Object.assign(held, { state, events, saved: false })
  }

  private next(end: number, group: number): Next {
    const groups = this.revisions.get(end) ?? new Map<number, Next>()
    this.revisions.set(end, groups)
    const next = groups.get(group) ?? { revision: 0, key: undefined, saved: false }
    groups.set(group, next)
    return next
  }

  private begin(start: number, end: number): Part<S> {
    let lastEnd = end
    for (let i = 1; i < this.view.count; i++) {
      this.step.locate(lastEnd)
      lastEnd = this.step.end
    }
    const part: Part<S> = { start, end, lastEnd, groups: new Map() }
    this.parts.set(start, part)
    return part
  }

  /** The end of the first step that a watermark has not passed. */
  private endAfter(watermark: number): number {
    if (!Number.isFinite(watermark)) return watermark
    this.step.locate(watermark + 1)
    return this.step.end
  }

  private startOf(end: number): number {
    let start = end
    for (let i = 0; i < this.view.count; i++) {
      this.step.locate(start - 1)
      start = this.step.start
    }
    return start
  }
}

function covers(part: Part<unknown>, end: number): boolean {
  return part.end <= end && end <= part.lastEnd
}
