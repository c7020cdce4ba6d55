import type { PlainPane, Record, TestEvent } from './drive.js'
import type { TestInput } from './histories.js'

/** Settings of the model: fixed sizes, the base among them or given apart. */
export interface ModelOptions {
  sizes: { name: string; length: number }[]
  base: number
  partitions: number
  outOfOrderness: number
  lateness: number
  maxAhead: number
  maxGroups: number
}

interface Held {
  index: number
  run: boolean
}

/**
 * The whole of event time without any cleverness: every event counted is kept in a list, and all windows are
 * worked out from that list whenever the watermark passes the end of a base window.
 */
export function model(options: ModelOptions, input: readonly TestInput[], flush: boolean): Record {
  const { sizes, base, outOfOrderness, lateness, maxAhead, maxGroups } = options
  const record: Record = { panes: [], late: [], ahead: [], rejected: [] }
  const counted: { event: TestEvent; watermark: number }[] = []
  const published = new Map<string, { revision: number; events: number }>()
  const reference: number[] = new Array(options.partitions).fill(Number.NEGATIVE_INFINITY)
  const held: Held[][] = Array.from(reference, () => [])
  const shown = Array.from(reference, () => new Set<number>())
  const lastProcessed = Array.from(reference, () => -1)
  const floor: number[] = reference.slice()
  const idle = reference.map(() => false)
  let W = Number.NEGATIVE_INFINITY
  const eventAt = (index: number) => input[index] as TestEvent
  const own = (p: number) => Math.max(floor[p]!, reference[p]! - outOfOrderness - 1)
  const endOf = (t: number, length: number) => (Math.floor(t / length) + 1) * length

  /** Every (size, start, group) with what it holds, and the watermark when it began. */
  const windows = () => {
    const found = new Map<string, PlainPane & { began: number; size: number }>()
    for (const { event, watermark } of counted) {
      sizes.forEach(({ name, length }, size) => {
        const end = endOf(event.t, length)
        const key = `${name} ${end} ${event.group}`
        let pane = found.get(key)
        if (pane === undefined) {
          const fixed = { window: name, start: end - length, end, group: event.group, size, began: watermark }
          pane = {
            after: 0,
            kind: '',
            revision: 0,
            events: 0,
            users: [],
            last: end - 1 + lateness <= W,
            ...fixed,
          }
          found.set(key, pane)
        }
        pane.events++
        if (!pane.users.includes(event.user)) pane.users.push(event.user)
      })
    }
    return found
  }
  const publish = (after: number) => {
    const finals: PlainPane[] = []
    const corrections: PlainPane[] = []
    const due = [...windows()].filter(([, pane]) => pane.end - 1 <= W)
    for (const [key, { began, size: _, ...pane }] of due.sort(
      ([, a], [, b]) => a.end - b.end || a.size - b.size,
    )) {
      const before = published.get(key)
      if (before?.events === pane.events) continue
      pane.after = after
      pane.revision = before === undefined ? 0 : before.revision + 1
      pane.users.sort((a, b) => a - b)
      pane.kind = before === undefined && began < pane.end - 1 ? 'final' : 'corrected'
      published.set(key, { revision: pane.revision, events: pane.events })
      ;(pane.kind === 'final' ? finals : corrections).push(pane)
    }
    record.panes.push(...finals, ...corrections)
  }
  const liveGroups = () => {
    const live = new Set<number>()
    const awaiting = (key: string, pane: PlainPane) => published.get(key)?.events !== pane.events
    for (const [key, pane] of windows()) {
      if (pane.end - 1 + lateness > W || awaiting(key, pane)) live.add(pane.group)
    }
    for (const { event } of counted) if (endOf(event.t, base) - 1 + lateness > W) live.add(event.group)
    live.delete(0)
    return live
  }
  const process = (index: number) => {
    const event = eventAt(index)
    shown[event.p]!.add(event.user)
    lastProcessed[event.p] = Math.max(lastProcessed[event.p]!, index)
    if (endOf(event.t, base) - 1 + lateness <= own(event.p)) {
      record.late.push(index)
      return
    }
    if (event.group !== 0 && Number.isFinite(maxGroups)) {
      const live = liveGroups()
      if (!live.has(event.group) && live.size >= maxGroups) {
        record.rejected.push(index)
        return
      }
    }
    counted.push({ event, watermark: W })
  }
  const releaseWithin = (p: number) => {
    const limit = reference[p]! + maxAhead
    const leaving = held[p]!.filter(({ index }) => eventAt(index).t <= limit)
    held[p] = held[p]!.filter(({ index }) => eventAt(index).t > limit)
    for (const { index } of leaving) process(index)
  }
  const runMoves = (p: number) => {
    const run = held[p]!.filter((frame) => frame.run).map(({ index }) => eventAt(index))
    const keys = new Set(run.map((event) => event.user)).size
    const known = reference[p] !== Number.NEGATIVE_INFINITY
    if (
      !(
        keys >= 3 ||
        (!known && run.length >= 100) ||
        (known && run.length >= 3 && keys >= Math.min(3, shown[p]!.size))
      )
    )
      return false
    const least = Math.min(...run.map((event) => event.t))
    reference[p] = Math.max(
      reference[p]!,
      ...run.map((event) => event.t).filter((t) => t <= least + maxAhead),
    )
    releaseWithin(p)
    return true
  }

  const advance = (after: number) => {
    const all = reference.map((_, p) => own(p))
    const active = all.filter((_, p) => !idle[p])
    const next = Math.max(W, active.length > 0 ? Math.min(...active) : Math.max(...all))
    const passed = next > W && (W === Number.NEGATIVE_INFINITY || endOf(W + 1, base) - 1 <= next)
    W = next
    if (passed) publish(after)
  }

  input.forEach((item, index) => {
    if ('idle' in item) {
      idle[item.idle] = true
      advance(index)
      return
    }
    const { p, t } = item
    if (idle[p]) {
      idle[p] = false
      floor[p] = Math.max(floor[p]!, W)
    }
    if (maxAhead === Number.POSITIVE_INFINITY || t <= reference[p]! + maxAhead) {
      reference[p] = Math.max(reference[p]!, t)
      process(index)
      for (const frame of held[p]!) frame.run = false
      releaseWithin(p)
    } else {
      held[p]!.push({ index, run: true })
      if (held[p]!.length > 1024) record.ahead.push(held[p]!.shift()!.index)
      while (runMoves(p));
    }
    advance(index)
  })
  if (flush) {
    held.forEach((frames, p) => {
      if (idle[p]) floor[p] = Math.max(floor[p]!, W)
      const rest = frames.map(({ index }) => index).sort((a, b) => eventAt(a).t - eventAt(b).t || a - b)
      const last = lastProcessed[p]!
      for (const index of rest.filter((index) => index > last)) process(index)
      for (const index of rest.filter((index) => index < last)) record.ahead.push(index)
    })
    W = Number.POSITIVE_INFINITY
    publish(input.length)
  }
  return record
}
