import { type Assigner, type DayUnit, unitDays } from './assigner.js'
import { DAY } from './size.js'
import type { Zone } from './zone.js'

/** Windows kept by the date of a time in them, for events out of order by days; a power of two. */
const keptWindows = 16

/** Days and longer units of a zone: from the first instant of a date to that of the date one unit later. */
export class ZoneCalendarAssigner implements Assigner {
  start = 0
  end = 0
  private readonly starts = new Float64Array(keptWindows)
  private readonly ends = new Float64Array(keptWindows)
  /** local time minus UTC where it was asked for last: good enough to find what is kept, as dates go by it nearly always */
  private shift = 0

  constructor(
    readonly unit: DayUnit,
    private readonly zone: Zone,
  ) {}

  locate(t: number): void {
    // The zone is asked only when t leaves the last window: not on the hot path.
    if (t >= this.start && t < this.end) return
    const { zone, starts, ends } = this
    const at = Math.floor((t + this.shift) / DAY) & (keptWindows - 1)
    if (!(t >= starts[at]! && t < ends[at]!)) {
      const [first, next] = unitDays(this.unit, zone.dayAt(t))
      starts[at] = zone.dayStart(first)
      ends[at] = zone.dayStart(next)
      this.shift = first * DAY - starts[at]!
    }
    this.start = starts[at]!
    this.end = ends[at]!
  }
}

/** Minutes or hours of a zone: the slot of the clock on the wall, cut where the offset changes. */
export class ZoneClockAssigner implements Assigner {
  start = 0
  end = 0

  /** @param length ms of the slot: a minute or an hour */
  constructor(
    readonly length: number,
    private readonly zone: Zone,
  ) {}

  locate(t: number): void {
    if (t >= this.start && t < this.end) return
    const { zone, length } = this
    const offset = zone.offset(t)
    const slot = Math.floor((t + offset) / length) * length - offset
    this.start = zone.changeBefore(t, slot)
    this.end = zone.changeAfter(t, slot + length)
  }
}
