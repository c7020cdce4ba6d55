import type { Aggregate } from './aggregate.js'
import type { Assigner } from './assigner.js'
import type { LiveGroups } from './groups.js'
import { groupOf } from './guard-record.js'
import type { Pane, PaneKind } from './pane.js'
import type { WindowSize } from './size.js'
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
  /** the ends of the views that cover the step, from its own on */
  readonly ends: readonly number[]
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

  /** The least watermark at which a view is due. */
  attention = always

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
  ) {}

  /** Takes a final or corrected pane of the step. */
  take({ start, end, group, state, events }: Pane<S>): void {
    let part = this.parts.get(start)
    if (part === undefined) {
      part = { start, ends: this.endsFrom(end), groups: new Map() }
      this.parts.set(start, part)
    }
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
    const limit = watermark === always ? (parts.at(-1)?.ends[0] ?? never) - 1 : watermark
    const due = new Set<number>()
    for (const { ends } of parts)
      for (const end of ends) if (end - 1 > this.fired && end - 1 <= limit) due.add(end)
    for (const end of [...due].sort((a, b) => a - b)) {
      const groups = new Set(
        parts.filter((part) => covers(part, end)).flatMap((part) => [...part.groups.keys()]),
      )
      for (const group of groups) panes.push(this.pane('final', parts, end, group, watermark))
    }
    for (const pane of this.corrections(parts, watermark)) panes.push(pane)
    this.fired = Math.max(this.fired, watermark)
    this.forget(watermark)
    return panes
  }

  private corrections(parts: readonly Part<S>[], watermark: number): Pane<S>[] {
    const affected = new Map<number, Set<number>>()
    for (const { part, group } of this.changed) {
      for (const end of part.ends) {
        if (end - 1 <= this.fired) affected.set(end, (affected.get(end) ?? new Set()).add(group))
      }
    }
    this.changed = []
    return [...affected]
      .sort(([a], [b]) => a - b)
      .flatMap(([end, groups]) =>
        [...groups].map((group) => this.pane('corrected', parts, end, group, watermark)),
      )
  }

  private pane(
    kind: PaneKind,
    parts: readonly Part<S>[],
    end: number,
    group: number,
    watermark: number,
  ): Pane<S> {
    let state: S | undefined
    let events = 0
    for (const part of parts) {
      const held = covers(part, end) ? part.groups.get(group) : undefined
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
    const start = this.startOf(end)
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

  /** Forgets steps and views that cannot change any more, and finds what is due next. */
  private forget(watermark: number): void {
    this.attention = always
    for (const part of this.parts.values()) {
      if (part.ends.at(-1)! - 1 + this.lateness <= watermark) {
        this.parts.delete(part.start)
        for (const [group, { key }] of part.groups) {
          this.live.removeCell(group)
          if (key !== undefined) this.gone.push(key)
        }
        continue
      }
      const next = part.ends.find((end) => end - 1 > watermark)
      if (next !== undefined && next - 1 < this.attention) this.attention = next - 1
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
    const nameOf = (group: number) => (names === undefined ? group : names.name(group))
    for (const { start, groups } of this.parts.values()) {
      for (const [group, held] of groups) {
        if (changesOnly && held.saved) continue
        held.key ??= JSON.stringify([this.view.name, 'step', start, nameOf(group)])
        held.saved = true
        const { state, events } = held
        records[held.key] = state === undefined ? { events } : { events, state: this.aggregate.save(state) }
      }
    }
    for (const [end, groups] of this.revisions) {
      for (const [group, next] of groups) {
        if (changesOnly && next.saved) continue
        next.key ??= JSON.stringify([this.view.name, 'view', end, nameOf(group)])
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
      if (view !== this.view.name || record === null) continue
      const group = groupOf(name, names)
      if (kind === 'view') {
        Object.assign(this.next(time, group), { revision: record.revision!, key, saved: true })
        continue
      }
      this.step.locate(time)
      const part = this.parts.get(time) ?? {
        start: time,
        ends: this.endsFrom(this.step.end),
        groups: new Map(),
      }
      this.parts.set(time, part)
      this.hold(
        part,
        group,
        'state' in record ? this.aggregate.load(record.state) : undefined,
        record.events!,
      )
    }
    this.fired = watermark
    this.forget(watermark)
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

  private endsFrom(end: number): number[] {
    const ends = [end]
    while (ends.length < this.view.count) {
      this.step.locate(ends.at(-1)!)
      ends.push(this.step.end)
    }
    return ends
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
  return part.ends[0]! <= end && end <= part.ends.at(-1)!
}
