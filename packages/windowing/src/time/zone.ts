import { shown } from '../checks.js'
import { WindowingError } from '../errors.js'
import { gcd } from './nesting.js'
import { DAY } from './size.js'

const always = Number.POSITIVE_INFINITY
const HOUR = 3_600_000
/** Greater than every UTC offset ever used: Manila was at -15:56 until 1844. */
const farthestOffset = 16 * HOUR
/**
 * Blocks of time with one change of the offset at most. The shortest time between two changes of any zone is longer
 * (7 days: Recife in October 2000).
 */
const blockLength = 6 * DAY
/** Blocks kept, 17 years of them; a power of two. */
const keptBlocks = 1024
/** Day starts kept; a power of two. */
const keptStarts = 256

const zones = new Map<string, Zone>()

/**
 * The zone of a name, shared by all callers, because finding its changes takes look-ups.
 *
 * @throws WindowingError bad-option
 */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name)
  if (zone === undefined) {
    zone = new Zone(name)
    // There are some 400 zones; bounds the memory of a caller that uses many of them.
    if (zones.size >= 32) zones.clear()
    zones.set(name, zone)
  }
  return zone
}

/**
 * The local times of one IANA time zone, looked up in Intl.DateTimeFormat alone. A look-up takes microseconds, so
 * callers keep windows and this class keeps day starts.
 */
export class Zone {
  private readonly format: Intl.DateTimeFormat
  private knownGrain = 0
  private lastDay = 0
  private lastStart = 0
  private lastEnd = 0
  // Kept blocks: number, offset at the first instant, that of the change up to the end (Infinity: none), offset at the end.
  private readonly blocks = new Float64Array(keptBlocks).fill(Number.NaN)
  private readonly before = new Float64Array(keptBlocks)
  private readonly changes = new Float64Array(keptBlocks)
  private readonly after = new Float64Array(keptBlocks)
  private readonly startDays = new Float64Array(keptStarts).fill(Number.NaN)
  private readonly starts = new Float64Array(keptStarts)

  /** @throws WindowingError bad-option */
  constructor(readonly name: string) {
    try {
      // Intl takes the zone of the machine in place of undefined.
      if (typeof name !== 'string') throw new RangeError()
      this.format = new Intl.DateTimeFormat('en-US-u-nu-latn', { timeZone: name, timeZoneName: 'longOffset' })
    } catch {
      throw new WindowingError(
        'bad-option',
        `Expected an IANA time zone known to Intl.DateTimeFormat, such as "Europe/Berlin", found ${shown(name)}.`,
      )
    }
  }

  /** Local time minus UTC at an instant, in ms. */
  offset(t: number): number {
    const at = this.block(t)
    return t < this.changes[at]! ? this.before[at]! : this.after[at]!
  }

  /**
   * The first instant of a local date given as a day number: midnight; the instant of the change when midnight is
   * skipped; the earlier one when it comes twice. A skipped date begins when the next one does.
   */
  dayStart(day: number): number {
    const at = day & (keptStarts - 1)
    if (this.startDays[at] !== day) {
      this.starts[at] = this.findDayStart(day)
      this.startDays[at] = day
    }
    return this.starts[at]!
  }

  /** The local date of an instant: that of the last day start at or before it. */
  dayAt(t: number): number {
    // Each size of a plan asks for the same day in turn.
    if (t >= this.lastStart && t < this.lastEnd) return this.lastDay
    let day = Math.floor((t + this.offset(t)) / DAY)
    // Clocks set back over midnight show the old date again, which stays ended.
    while (this.dayStart(day + 1) <= t) day++
    this.lastDay = day
    this.lastStart = this.dayStart(day)
    this.lastEnd = this.dayStart(day + 1)
    return day
  }

  /** The first instant after `t` and before `limit` at which the offset changes; `limit` when there is none. */
  changeAfter(t: number, limit: number): number {
    const offset = this.offset(t)
    for (let from = t; from < limit; ) {
      // A change may be inside a block or at its first instant.
      if (this.offset(from) !== offset) return from
      const at = this.block(from)
      const change = this.changes[at]!
      from = change > from && change !== always ? change : (this.blocks[at]! + 1) * blockLength
    }
    return limit
  }

  /** The instant after `limit` and not after `t` at which the offset of `t` began; `limit` when it is older. */
  changeBefore(t: number, limit: number): number {
    const change = this.changeAfter(limit, t + 1)
    return change > t ? limit : change
  }

  /** The greatest length that divides every UTC offset of the zone from 1970 to 2037, and a day. */
  grain(): number {
    if (this.knownGrain > 0) return this.knownGrain
    let grain = DAY
    for (let t = 0; t < 68 * 365 * DAY; t += 10 * DAY) {
      grain = gcd(grain, this.lookUp(t))
    }
    this.knownGrain = grain
    return grain
  }

  private findDayStart(day: number): number {
    // The earliest instant whose local time is not before the date's midnight, over stretches of one offset.
    const midnight = day * DAY
    const end = midnight + farthestOffset
    for (let from = midnight - farthestOffset; from < end; ) {
      const to = this.changeAfter(from, end)
      const start = Math.max(from, midnight - this.offset(from))
      if (start < to) return start
      from = to
    }
    return end
  }

  /** The place of the block that holds an instant. */
  private block(t: number): number {
    const block = Math.floor(t / blockLength)
    const at = block & (keptBlocks - 1)
    if (this.blocks[at] !== block) {
      const from = block * blockLength
      const earlier = (block - 1) & (keptBlocks - 1)
      const before = this.blocks[earlier] === block - 1 ? this.after[earlier]! : this.lookUp(from)
      const after = this.lookUp(from + blockLength)
      this.blocks[at] = block
      this.before[at] = before
      this.after[at] = after
      this.changes[at] = before === after ? always : this.findChange(from, from + blockLength, before)
    }
    return at
  }

  /** The one change between two instants. Changes happen on whole seconds. */
  private findChange(from: number, to: number, before: number): number {
    let low = Math.floor(from / 1000)
    let high = Math.floor(to / 1000)
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (this.lookUp(middle * 1000) === before) low = middle
      else high = middle
    }
    return high * 1000
  }

  private lookUp(t: number): number {
    // Offsets are whole seconds; Intl rounds fractions of a second inconsistently before the epoch.
    // Blocks and days at the ends of time reach beyond what Intl takes.
    const instant = Math.max(
      -8_640_000_000_000_000,
      Math.min(8_640_000_000_000_000, Math.floor(t / 1000) * 1000),
    )
    const text = this.format.format(instant)
    const [, sign, hours, minutes, seconds] = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text)!
    if (sign === undefined) return 0
    const size = Number(hours) * HOUR + Number(minutes) * 60_000 + Number(seconds ?? 0) * 1000
    return sign === '-' ? -size : size
  }
}
