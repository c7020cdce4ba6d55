import { type Assigner, type DayUnit, unitDays } from './assigner.js'
import type { Zone } from './zone.js'

/** Days and longer units of a zone: from the first instant of a date to that of the date one unit later. */
export class ZoneCalendarAssigner implements Assigner {
  start = 0
  end = 0

  constructor(
    readonly unit: DayUnit,
    private readonly zone: Zone,
  ) {}

  locate(t: number): void {
    // The zone is asked only when t leaves the last window: not on the hot path.
    if (t >= this.start && t < this.end) return
    const { zone } = this
    const [first, next] = unitDays(this.unit, zone.dayAt(t))
    this.start = zone.dayStart(first)
    this.end = zone.dayStart(next)
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
