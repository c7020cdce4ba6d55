import type { PartitionCall, PlainPane, Record, TestEvent } from './drive.js'
import type { TestInput } from './histories.js'

/** Settings of the model: fixed sizes, the base among them or given apart. */
export interface ModelOptions {
  sizes: { name: string; length: number }[]
  /** rolling views: the last `count` windows of a length */
  views: { name: string; length: number; count: number }[]
  base: number
  partitions: number
  outOfOrderness: number
  lateness: number
  maxAhead: number
  maxGroups: number
  overflowGroup: number | 'reject'
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
  const { base, outOfOrderness, lateness, maxAhead, maxGroups, overflowGroup } = options
  const record: Record = { panes: [], late: [], ahead: [], rejected: [] }
  const counted: { event: TestEvent; watermark: number }[] = []
  const published = new Map<string, { revision: number; events: number; fired: boolean }>()
  const sizes = [...options.sizes.map((size) => ({ ...size, count: 1 })), ...options.views]
  const reference: number[] = new Array(options.partitions).fill(Number.NEGATIVE_INFINITY)
  const held: Held[][] = Array.from(reference, () => [])
  const shown = Array.from(reference, () => new Set<number>())
  const lastProcessed = Array.from(reference, () => -1)
  const floor: number[] = reference.slice()
  const idle = reference.map(() => false)
  /** the partitions, in the order they were added */
  let known = reference.map((_, p) => p)
  let W = Number.NEGATIVE_INFINITY
  /** the watermark when results came out last */
  let crossed = Number.NEGATIVE_INFINITY
  const eventAt = (index: number) => input[index] as TestEvent
  const own = (p: number) => Math.max(floor[p]!, reference[p]! - outOfOrderness - 1)
  const endOf = (t: number, length: number) => (Math.floor(t / length) + 1) * length

  /** Every (size, start, group) with what it holds, and the watermark when it began. */
  const windows = () => {
    const found = new Map<string, PlainPane & { began: number; size: number }>()
    for (const { event, watermark } of counted) {
      sizes.forEach(({ name, length, count }, size) => {
        for (let step = 0; step < count; step++) {
          const end = endOf(event.t, length) + step * length
          const key = `${name} ${end} ${event.group}`
          const pane = found.get(key) ?? {
            ...{ window: name, start: end - length * count, end, group: event.group, size, began: watermark },
            ...{ after: 0, kind: '', revision: 0, events: 0, users: [], last: end - 1 + lateness <= W },
          }
          found.set(key, pane)
          pane.events++
          if (!pane.users.includes(event.user)) pane.users.push(event.user)
        }
      })
    }
    return found
  }
  const sorted = (panes: ReturnType<typeof windows>) =>
    [...panes].sort(([, a], [, b]) => a.end - b.end || a.size - b.size)
  const show = (
    key: string,
    { began: _, size: __, ...pane }: PlainPane & { began: number; size: number },
  ) => {
    const before = published.get(key)
    pane.revision = before === undefined ? 0 : before.revision + 1
    pane.users.sort((a, b) => a - b)
    const fired = pane.kind !== 'early'
    published.set(key, { revision: pane.revision, events: pane.events, fired })
    return pane
  }
  const publish = (after: number, before: number) => {
    // Of the steps to come after the end of input no view is given.
    const newest = Math.max(...counted.map(({ event }) => event.t))
    const reached = W === Number.POSITIVE_INFINITY ? before + 1 : W + 1
    const finals: PlainPane[] = []
    const corrections: PlainPane[] = []
    for (const [key, pane] of sorted(windows())) {
      const { length } = sizes[pane.size]!
      if (pane.end - 1 > W || pane.end > Math.max(reached, endOf(newest, length))) continue
      const known = published.get(key)
      if (known?.fired && known.events === pane.events) continue
      const kind = !known?.fired && pane.began < pane.end - 1 ? 'final' : 'corrected'
      const list = kind === 'final' ? finals : corrections
      list.push(show(key, { ...pane, after, kind }))
    }
    crossed = W
    record.panes.push(...finals, ...corrections)
  }
  const early = (after: number) => {
    for (const [key, pane] of sorted(windows())) {
      const { count } = sizes[pane.size]!
      if (count > 1 || pane.end - 1 <= W || published.get(key)?.events === pane.events) continue
      record.panes.push(show(key, { ...pane, after, kind: 'early' }))
    }
  }
  const liveGroups = () => {
    const live = new Set<number>()
    for (const [key, pane] of windows()) {
      if (sizes[pane.size]!.count > 1) continue
      const { fired, events } = published.get(key) ?? { fired: false, events: 0 }
      if (pane.end - 1 + lateness > W || !fired || events !== pane.events) live.add(pane.group)
    }
    for (const { event } of counted) {
      if (endOf(event.t, base) - 1 + lateness > W) live.add(event.group)
      // A view keeps its steps until none that covers them can change.
      for (const { length, count } of options.views) {
        const last = endOf(event.t, length) + (count - 1) * length
        if (last - 1 + lateness > crossed) live.add(event.group)
      }
    }
    live.delete(0)
    if (overflowGroup !== 'reject') live.delete(overflowGroup)
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
    let { group } = event
    if (group !== 0 && Number.isFinite(maxGroups)) {
      const live = liveGroups()
      if (!live.has(group) && live.size >= maxGroups) {
        if (overflowGroup === 'reject') {
          record.rejected.push(index)
          return
        }
        group = overflowGroup
      }
    }
    counted.push({ event: { ...event, group }, watermark: W })
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
    const active = known.filter((p) => !idle[p]).map(own)
    const next = Math.max(W, active.length > 0 ? Math.min(...active) : Math.max(...known.map(own)))
    const passed = next > W && (W === Number.NEGATIVE_INFINITY || endOf(W + 1, base) - 1 <= next)
    W = next
    if (passed) publish(after, W)
  }

  const wake = (p: number) => {
    if (idle[p]) floor[p] = Math.max(own(p), W)
    idle[p] = false
  }
  const call = ({ call, partition: p }: PartitionCall, index: number) => {
    if (call === 'early') return early(index)
    if (call === 'addPartition') {
      known.push(p)
      ;[idle[p], reference[p], floor[p]] = [false, Number.NEGATIVE_INFINITY, W]
      ;[held[p], shown[p], lastProcessed[p]] = [[], new Set(), -1]
      return
    }
    if (call === 'removePartition') known = known.filter((other) => other !== p)
    else if (call === 'active') {
      idle[p] = false
      floor[p] = Math.max(own(p), W)
    } else idle[p] = true
    advance(index)
  }
  input.forEach((item, index) => {
    if ('call' in item) {
      call(item, index)
      return
    }
    const { p, t } = item
    wake(p)
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
    for (const p of known) {
      if (idle[p]) floor[p] = Math.max(floor[p]!, W)
      const rest = held[p]!.map(({ index }) => index).sort((a, b) => eventAt(a).t - eventAt(b).t || a - b)
      const last = lastProcessed[p]!
      for (const index of rest.filter((index) => index > last)) process(index)
      for (const index of rest.filter((index) => index < last)) record.ahead.push(index)
    }
    const before = W
    W = Number.POSITIVE_INFINITY
    publish(input.length, before)
  }
  return record
}
