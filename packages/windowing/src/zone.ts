import { dayOf } from './civil.js'
import { WindowingError } from './errors.js'
import { gcd } from './nesting.js'
import { DAY } from './size.js'

const HOUR = 3_600_000
/** Greater than every UTC offset ever used: Manila was at -15:56 until 1844. */
const farthestOffset = 16 * HOUR
/** No zone has changed its offset twice within so short a time. */
const samplingStep = 4 * HOUR
/** Day starts kept; a power of two. */
const keptStarts = 256

/**
 * The clocks of one IANA time zone, known through Intl.DateTimeFormat alone. A look-up costs microseconds, so
 * callers keep windows and this class keeps day starts.
 */
export class Zone {
  private readonly format: Intl.DateTimeFormat
  private readonly startDays = new Float64Array(keptStarts).fill(Number.NaN)
  private readonly starts = new Float64Array(keptStarts)

  /** @throws WindowingError bad-option */
  constructor(readonly name: string) {
    try {
      this.format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
        timeZone: name,
        hourCycle: 'h23',
        era: 'short',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      })
    } catch {
      throw new WindowingError(
        'bad-option',
        `Expected an IANA time zone known to Intl.DateTimeFormat, such as "Europe/Berlin", found "${name}".`,
      )
    }
  }

  /** Local time minus UTC at an instant, in ms. */
  offset(t: number): number {
    // Offsets are whole seconds; Intl rounds fractions of a second inconsistently before the epoch.
    const instant = Math.floor(t / 1000) * 1000
    const field = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 }
    let before = false
    for (const { type, value } of this.format.formatToParts(instant)) {
      if (type in field) field[type as keyof typeof field] = Number(value)
      else if (type === 'era') before = value.startsWith('B')
    }
    const year = before ? 1 - field.year : field.year
    const day = dayOf(year, field.month, field.day)
    return day * DAY + field.hour * HOUR + field.minute * 60_000 + field.second * 1000 - instant
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
    let day = Math.floor((t + this.offset(t)) / DAY)
    // Clocks set back over midnight show the old date again, which stays ended.
    while (this.dayStart(day + 1) <= t) day++
    return day
  }

  /** The first instant in `(from, to]` whose offset is not that at `from`; `to` when there is none. At most one change between. */
  change(from: number, to: number): number {
    const offset = this.offset(from)
    if (this.offset(to) === offset) return to
    // Changes happen on whole seconds.
    let low = Math.floor(from / 1000)
    let high = Math.floor(to / 1000)
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (this.offset(middle * 1000) === offset) low = middle
      else high = middle
    }
    return high * 1000
  }

  /** The last instant in `(from, to]` at which the offset that holds at `to` began; `from` when it held all along. */
  begun(from: number, to: number): number {
    return this.offset(from) === this.offset(to) ? from : this.change(from, to)
  }

  /** The greatest length that divides every UTC offset of the zone from 1970 to 2037, and a day. */
  grain(): number {
    let grain = DAY
    for (let t = 0; t < 68 * 365 * DAY; t += 10 * DAY) {
      grain = gcd(grain, this.offset(t))
    }
    return grain
  }

  private findDayStart(day: number): number {
    // The earliest instant whose local time is not before the date's midnight, over stretches of one offset.
    const midnight = day * DAY
    const end = midnight + farthestOffset
    let from = midnight - farthestOffset
    while (from < end) {
      const offset = this.offset(from)
      const to = this.change(from, Math.min(from + samplingStep, end))
      const start = Math.max(from, midnight - offset)
      if (start < to) return start
      from = to
    }
    return end
  }
}
