import { GuardModel } from '@card/testing'
import type { PartitionCall, PlainPane, Record, TestEvent, TestInput } from './drive.js'

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
  horizon: number
  maxGroups: number
  overflowGroup: number | 'reject'
}

/** A partition: its guard, the indexes of its events in the history, and what is known of it. */
interface Partition {
  guard: GuardModel
  arrivals: number[]
  idle: boolean
  /** it is idle as soon as its held events are judged */
  idleWhenDecided: boolean
}

/**
 * The whole of event time without any cleverness: every event counted is kept in a list, and all windows are
 * worked out from that list whenever the watermark passes the end of a base window.
 */
export function model(options: ModelOptions, input: readonly TestInput[], flush: boolean): Record {
  const { base, outOfOrderness, lateness, maxAhead, horizon, maxGroups, overflowGroup } = options
  const record: Record = { panes: [], late: [], closed: [], ahead: [], rejected: [] }
  const counted: { event: TestEvent; watermark: number }[] = []
  const published = new Map<string, { revision: number; events: number; fired: boolean }>()
  const sizes = [...options.sizes.map((size) => ({ ...size, count: 1 })), ...options.views]
  /** the partitions, in the order they were added */
  const partitions = new Map<number, Partition>()
  let W = Number.NEGATIVE_INFINITY
  /** the watermark when results came out last */
  let crossed = Number.NEGATIVE_INFINITY
  const eventAt = (index: number) => input[index] as TestEvent
  const own = ({ guard }: Partition) => (guard.trusted ?? Number.NEGATIVE_INFINITY) - outOfOrderness - 1
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
    // At the end of input views come out as far as the watermark of any partition had come.
    const reached =
      W === Number.POSITIVE_INFINITY ? Math.max(before, ...[...partitions.values()].map(own)) + 1 : W + 1
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
  /** @param trusted the trusted time of the event's partition at that moment */
  const process = (index: number, trusted: number | null) => {
    const event = eventAt(index)
    const gone = endOf(event.t, base) - 1 + lateness
    // An event that moves the trusted time is never late itself.
    if (trusted !== null && gone <= trusted - outOfOrderness - 1) {
      record.late.push(index)
      return
    }
    if (gone <= W) {
      record.closed.push(index)
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
  const add = (p: number) => {
    const arrivals: number[] = []
    const guard = new GuardModel(
      { maxAhead, horizon },
      {
        count: (index, trusted) => process(arrivals[index]!, trusted),
        ahead: (index) => record.ahead.push(arrivals[index]!),
      },
    )
    partitions.set(p, { guard, arrivals, idle: false, idleWhenDecided: false })
  }
  for (let p = 0; p < options.partitions; p++) add(p)

  const advance = (after: number) => {
    const all = [...partitions.values()]
    const active = all.filter(({ idle }) => !idle).map(own)
    const next = Math.max(W, active.length > 0 ? Math.min(...active) : Math.max(...all.map(own)))
    const passed = next > W && (W === Number.NEGATIVE_INFINITY || endOf(W + 1, base) - 1 <= next)
    W = next
    if (passed) publish(after, W)
  }

  const call = ({ call, partition: p }: PartitionCall, index: number) => {
    if (call === 'early') return early(index)
    if (call === 'addPartition') return add(p)
    const partition = partitions.get(p)!
    if (call === 'removePartition') partitions.delete(p)
    if (call === 'active') Object.assign(partition, { idle: false, idleWhenDecided: false })
    if (call === 'endPartition' || call === 'flushHeld') partition.guard.flush()
    if (call === 'endPartition' || (call === 'flushHeld' && partition.idleWhenDecided)) partition.idle = true
    if (call === 'idle') {
      partition.idleWhenDecided = partition.guard.isUndecided
      partition.idle ||= !partition.idleWhenDecided
    }
    advance(index)
  }
  input.forEach((item, index) => {
    if ('call' in item) {
      call(item, index)
      return
    }
    const partition = partitions.get(item.p)!
    Object.assign(partition, { idle: false, idleWhenDecided: false })
    partition.arrivals.push(index)
    partition.guard.arrive({ key: item.user, t: item.t })
    advance(index)
  })
  if (flush) {
    for (const { guard } of partitions.values()) guard.flush()
    const before = W
    W = Number.POSITIVE_INFINITY
    publish(input.length, before)
  }
  return record
}
