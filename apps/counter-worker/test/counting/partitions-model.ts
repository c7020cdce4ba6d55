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
/** Windows are kept so much longer than lateness asks for, for partitions that wake. */
const keep = 60_000

/** What a partition has counted in a base window of a group. */
interface Counted {
  readonly end: number
  readonly group: string | null
  readonly users: Set<string>
  events: number
  /** events that were sent */
  sent: number
}

/** The contract for several partitions, minutes and five minutes, exact counts: what each window holds and what is not counted. */
export function partitionsModel(options: PartitionsOptions, happenings: readonly Happening[]) {
  const { lateness } = options
  const sums: Record<string, number> = { counted: 0, dropped: 0, ahead: 0, closed: 0 }
  const windows = new Map<string, { readonly users: Set<string>; events: number }>()
  let combined = never

  const absorb = ({ end, group, users, events, sent }: Counted) => {
    if (end - 1 + lateness + keep <= combined) {
      sums.closed! += events - sent
      sums.counted! -= events - sent
      return
    }
    for (const size of sizes) {
      const name = `${size / base}m ${Math.ceil(end / size) * size} ${group}`
      const window = windows.get(name) ?? { users: new Set(), events: 0 }
      windows.set(name, window)
      for (const user of users) window.users.add(user)
      window.events += events - sent
    }
  }
  const partitions = Array.from({ length: options.partitions }, () => new Partition(options, sums, absorb))
  const follow = () => {
    const active = partitions.filter(({ idle }) => !idle)
    const own = (active.length > 0 ? active : partitions).map(({ watermark }) => watermark)
    combined = Math.max(combined, active.length > 0 ? Math.min(...own) : Math.max(...own))
  }

  for (const happening of happenings) {
    const partition = partitions[happening.partition]!
    if (happening.kind !== 'frames') {
      partition.happen(happening.kind)
      follow()
      continue
    }
    for (const frame of happening.frames) {
      const before = partition.watermark
      partition.take(frame)
      if (passesBaseEnd(before, partition.watermark)) partition.send(partition.watermark)
      follow()
    }
  }
  for (const partition of partitions) partition.happen('endPartition')
  const results = Array.from(windows, ([name, { users, events }]) => `${name} ${users.size} ${events}`)
  return { results: results.sort(), sums }
}

function passesBaseEnd(from: number, to: number): boolean {
  return to > from && (from === never || (Math.floor((from + 1) / base) + 1) * base - 1 <= to)
}

/** One partition by itself: its guard, its watermark and its base windows are functions of its log. */
class Partition {
  idle = false
  private waitsToBeIdle = false
  private readonly frames: LogFrame[] = []
  private readonly counted = new Map<string, Counted>()
  private readonly guard: GuardModel

  constructor(
    private readonly options: PartitionsOptions,
    private readonly sums: Record<string, number>,
    private readonly absorb: (counted: Counted) => void,
  ) {
    const { maxAhead } = options
    this.guard = new GuardModel(
      { maxAhead, horizon: Math.max(600_000, maxAhead) },
      {
        count: (index, trusted) => this.judge(this.frames[index]!, trusted),
        ahead: () => sums.ahead!++,
      },
    )
  }

  get watermark(): number {
    return this.watermarkOf(this.guard.trusted)
  }

  take(frame: LogFrame): void {
    this.idle = false
    this.waitsToBeIdle = false
    this.frames.push(frame)
    this.guard.arrive({ key: frame.user, t: frame.time })
  }

  happen(kind: 'idle' | 'flushHeld' | 'active' | 'endPartition'): void {
    const { guard } = this
    if (kind === 'active') {
      this.idle = false
      this.waitsToBeIdle = false
    }
    if (kind === 'flushHeld' || kind === 'endPartition') guard.flush()
    if (kind === 'endPartition' || (kind === 'flushHeld' && this.waitsToBeIdle)) this.idle = true
    if (kind === 'idle') {
      // Held frames that nothing has contradicted hold the windows that they may belong to.
      this.waitsToBeIdle = guard.isUndecided
      if (!guard.isUndecided) this.idle = true
    }
    if (this.idle) this.send(Number.POSITIVE_INFINITY)
  }

  /** Sends what is new in the windows that end at or before a watermark. */
  send(watermark: number): void {
    for (const counted of this.counted.values()) {
      if (counted.end - 1 > watermark || counted.sent === counted.events) continue
      this.absorb(counted)
      counted.sent = counted.events
    }
  }

  private judge({ user, time, group }: LogFrame, trusted: number | null): void {
    const end = (Math.floor(time / base) + 1) * base
    if (end - 1 + this.options.lateness <= this.watermarkOf(trusted)) {
      this.sums.dropped!++
      return
    }
    this.sums.counted!++
    const name = `${end} ${group}`
    const counted = this.counted.get(name) ?? { end, group, users: new Set(), events: 0, sent: 0 }
    this.counted.set(name, counted)
    counted.users.add(user)
    counted.events++
  }

  private watermarkOf(trusted: number | null): number {
    return (trusted ?? never) - this.options.outOfOrder - 1
  }
}
