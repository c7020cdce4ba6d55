import { GuardModel } from '@card/testing'

/** A frame of a log; times in ms. */
export interface LogFrame {
  readonly user: string
  readonly time: number
  readonly group: string | null
}

/** One thing that happens to the counting core: frames of a partition, or something said of one. */
export type Happening =
  | { readonly kind: 'frames'; readonly partition: number; readonly frames: readonly LogFrame[] }
  | { readonly kind: 'idle' | 'flushHeld' | 'active' | 'endPartition'; readonly partition: number }

export interface PartitionsOptions {
  readonly partitions: number
  readonly outOfOrder: number
  readonly lateness: number
  readonly maxAhead: number
}

const never = Number.NEGATIVE_INFINITY
const sizes = [60_000, 300_000]
const [base] = sizes as [number]

interface Window {
  readonly size: number
  readonly end: number
  readonly group: string | null
  readonly users: Set<string>
  events: number
  revision: number
  changed: boolean
}

/** The contract for several partitions, minutes and five minutes, exact counts: what is published and what is not counted. */
export function partitionsModel(options: PartitionsOptions, happenings: readonly Happening[]) {
  const { outOfOrder, lateness, maxAhead } = options
  const results: string[] = []
  const sums: Record<string, number> = { counted: 0, dropped: 0, ahead: 0, closed: 0 }
  const windows = new Map<string, Window>()
  let combined = never
  const watermarkOf = (trusted: number | null) => (trusted ?? never) - outOfOrder - 1
  const endOf = (time: number, size: number) => (Math.floor(time / size) + 1) * size

  const judge = ({ user, time, group }: LogFrame, trusted: number | null) => {
    const last = endOf(time, base) - 1 + lateness
    if (last <= watermarkOf(trusted)) sums.dropped!++
    else if (last <= combined) sums.closed!++
    else {
      sums.counted!++
      for (const size of sizes) {
        const end = endOf(time, size)
        const name = `${size} ${end} ${group}`
        const window = windows.get(name) ?? {
          size,
          end,
          group,
          users: new Set(),
          events: 0,
          revision: 0,
          changed: false,
        }
        windows.set(name, window)
        window.users.add(user)
        window.events++
        // First seen after its end, or changed since it was published: a correction.
        if (end - 1 <= combined) window.changed = true
      }
    }
  }
  const partitions = Array.from({ length: options.partitions }, () => {
    const frames: LogFrame[] = []
    const guard = new GuardModel(
      { maxAhead, horizon: Math.max(600_000, maxAhead) },
      { count: (index, trusted) => judge(frames[index]!, trusted), ahead: () => sums.ahead!++ },
    )
    return { frames, guard, idle: false, waitsToBeIdle: false }
  })

  const publish = (pane: 'final' | 'corrected', due: Window[]) => {
    const bytes = (group: string | null) => (group === null ? '' : `+${group}`)
    due.sort((a, b) => a.end - b.end || a.size - b.size || (bytes(a.group) < bytes(b.group) ? -1 : 1))
    for (const window of due) {
      const { size, end, group, users, events } = window
      results.push(`${size / base}m ${end} ${group} ${users.size} ${events} ${pane} ${window.revision++}`)
      window.changed = false
    }
  }
  const advance = (watermark: number) => {
    if (watermark <= combined) return
    const passesBaseEnd = combined === never || endOf(combined + 1, base) - 1 <= watermark
    combined = watermark
    if (!passesBaseEnd) return
    const due = [...windows.values()].filter(({ end }) => end - 1 <= combined)
    const finals = due.filter(({ revision, changed }) => revision === 0 && !changed)
    const corrections = due.filter(({ changed }) => changed)
    publish('final', finals)
    publish('corrected', corrections)
  }
  const follow = () => {
    const active = partitions.filter(({ idle }) => !idle)
    const own = (active.length > 0 ? active : partitions).map(({ guard }) => watermarkOf(guard.trusted))
    advance(active.length > 0 ? Math.min(...own) : Math.max(...own))
  }

  for (const happening of happenings) {
    const partition = partitions[happening.partition]!
    const { guard } = partition
    if (happening.kind === 'frames') {
      for (const frame of happening.frames) {
        Object.assign(partition, { idle: false, waitsToBeIdle: false })
        partition.frames.push(frame)
        guard.arrive({ key: frame.user, t: frame.time })
        follow()
      }
      continue
    }
    if (happening.kind === 'active') Object.assign(partition, { idle: false, waitsToBeIdle: false })
    if (happening.kind === 'flushHeld' || happening.kind === 'endPartition') guard.flush()
    if (happening.kind === 'endPartition') partition.idle = true
    if (happening.kind === 'flushHeld' && partition.waitsToBeIdle) partition.idle = true
    if (happening.kind === 'idle') {
      // Held frames that nothing has contradicted hold the windows that they may belong to.
      partition.waitsToBeIdle = guard.isUndecided
      if (!guard.isUndecided) partition.idle = true
    }
    follow()
  }
  for (const { guard } of partitions) guard.flush()
  advance(Number.POSITIVE_INFINITY)
  return { results, sums }
}
