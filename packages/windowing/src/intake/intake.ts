import type { EngineCore, InputPartition } from '../engine/core.js'
import type { Guard } from '../guard/guard.js'
import type { HeldFrame } from '../guard/held-queue.js'
import type { Cell } from '../store/open-window.js'
import { expectColumns } from './check-columns.js'
import type { EventColumns } from './event-columns.js'
import { Judge } from './judge.js'
import { RecentCells } from './recent-cells.js'
import { ReleasedFrames } from './released.js'
import { Outcome, Runs, Source } from './runs.js'
import { type ScanBounds, scan, scanChecked } from './scan.js'

const always = Number.POSITIVE_INFINITY
/** Times that ECMAScript knows: 100,000,000 days on either side of the epoch. */
const farthest = 8_640_000_000_000_000

/** The way in: rows through the guard, then judged, then counted in runs. */
export class Intake<S> {
  readonly runs = new Runs()
  readonly released = new ReleasedFrames()
  private readonly judge: Judge<S>

  /** the partition of the last push, as long as nothing else has happened since */
  private input: InputPartition | undefined
  // Where the hot loop may run: the cell of the last counted row, and the bounds of its times.
  private aimed: Cell<S> | undefined
  private aimedGroup = 0
  private readonly bounds: ScanBounds
  private readonly recent = new RecentCells<S>()
  /** the least watermark of the other active partitions */
  private others = always

  constructor(private readonly core: EngineCore<S>) {
    this.bounds = { low: 0, high: 0, attention: 0, ahead: core.options.maxAhead, trusted: 0 }
    this.judge = new Judge(core, this.runs)
    core.release = (input, frame) => this.release(input, frame)
  }

  /** See {@link WindowEngine.push}. */
  push(partition: number, columns: EventColumns, from: number, to: number): number {
    this.core.expectNoPanes()
    const input = this.core.partition(partition)
    const { guard } = input
    expectColumns(columns, from, to)
    this.clear()
    if (this.input !== input) {
      this.input = input
      this.aimed = undefined
      this.others = this.core.watermarks.leastOfOthers(input.mark)
    }
    let row = from
    while (row < to) {
      if (this.aimed !== undefined) {
        // Rows that only extend what the row before began. They move the trusted time alone; the watermark is
        // worked out after them.
        const next = this.extend(guard, columns, row, to)
        if (next > row) {
          this.show(guard, columns, row, next)
          this.follow(input)
        }
        row = next
        if (row === to) break
      }
      this.row(input, columns, row)
      row++
      if (this.core.due) break
      this.aim(input)
    }
    return row
  }

  /** Empties the guards of partitions. */
  flush(inputs: Iterable<InputPartition>): void {
    this.core.expectNoPanes()
    this.clear()
    this.reset()
    for (const input of inputs) input.guard.flush((frame) => this.leave(input, frame))
  }

  /**
   * Adds one event to the window of the event before, where it is as plain as that: no run is made of it.
   *
   * @returns that window's slot; -1: nothing was done, the event needs `push`
   */
  extendByOne(partition: number, t: number, group: number): number {
    const { bounds, input, aimed, core } = this
    if (input === undefined || aimed === undefined || input.mark.partition !== partition) return -1
    const { guard } = input
    if (core.due || group !== this.aimedGroup || (this.guarded && guard.shown.isOpen)) return -1
    if (!(t >= bounds.low && t < bounds.high) || Math.floor(t) !== t) return -1
    if (t > guard.trusted) {
      if (t >= bounds.attention || t - guard.trusted > bounds.ahead) return -1
      guard.trusted = t
    }
    core.store.add(aimed, 1)
    core.tally[Outcome.counted]!++
    this.follow(input)
    return aimed.slot
  }

  /** To be called when anything but a push has changed the watermarks or the windows: nothing is known of them any more. */
  reset(): void {
    if (this.input === undefined) return
    this.input = undefined
    this.aimed = undefined
    this.recent.clear()
  }

  private clear(): void {
    this.runs.length = 0
    this.released.rows = 0
    this.core.store.open.pool.settle()
  }

  /** Counts the rows from `from` on that make nothing due, and returns the first that needs a closer look. */
  private extend(guard: Guard, columns: EventColumns, from: number, to: number): number {
    const { bounds } = this
    const { time, group, status } = columns
    bounds.trusted = guard.trusted
    let cell = this.aimed!
    let row = from
    if (group === undefined && status === undefined) {
      row = scan(time, from, to, bounds)
      if (row > from) this.judge.count(cell, Source.batch, from, row)
    } else {
      let id = this.aimedGroup
      for (;;) {
        const next = scanChecked(time, row, to, bounds, id, group, status)
        if (next > row) this.judge.count(cell, Source.batch, row, next)
        row = next
        if (row === to || group === undefined || group[row] === id) break
        const other = this.recent.find(cell.window, group[row]!)
        // A cell that is not marked has coarser ones to tell of its change, which takes a closer look.
        if (other === undefined || !other.marked) break
        cell = other
        id = group[row]!
      }
    }
    guard.trusted = bounds.trusted
    return row
  }

  /** One row of a batch through the guard, and what it sets free. */
  private row(input: InputPartition, columns: EventColumns, row: number): void {
    const { guard } = input
    const t = columns.time[row]!
    if (columns.status !== undefined && columns.status[row] !== 0) {
      this.judge.note(Outcome.skipped, row)
      return
    }
    if (!Number.isInteger(t) || t < -farthest || t > farthest) {
      this.judge.note(Outcome.invalid, row)
      return
    }
    if (this.core.options.outOfOrderness !== always) this.wake(input)
    const group = columns.group === undefined ? 0 : columns.group[row]!
    if (!this.guarded) {
      this.judgeRow(input, t, group, row)
      if (t > guard.trusted) guard.trusted = t
    } else if (guard.accepts(t)) {
      this.judgeRow(input, t, group, row)
      this.show(guard, columns, row, row + 1)
      guard.accepted(t)
    } else {
      this.show(guard, columns, row, row + 1)
      if (guard.reaches(t)) {
        this.judgeRow(input, t, group, row)
        this.far(guard, columns, row)
      } else this.hold(input, columns, row, group)
    }
    this.follow(input)
  }

  /** Rows that follow are mostly like this one: its cell is where they may count without a closer look. */
  private judgeRow(input: InputPartition, t: number, group: number, row: number): void {
    const cell = this.judge.judge(input, t, group, Source.batch, row)
    if (cell === undefined) return
    this.aimed = cell
    this.aimedGroup = group
  }

  private wake(input: InputPartition): void {
    const { mark } = input
    if (mark.idle || mark.ended || input.idleWhenDecided) this.core.wake(input)
  }

  private far(guard: Guard, { time, hash }: EventColumns, row: number): void {
    if (hash === undefined) guard.far(time[row]!, 0, 0, 0, 0)
    else guard.far(time[row]!, hash[4 * row]!, hash[4 * row + 1]!, hash[4 * row + 2]!, hash[4 * row + 3]!)
  }

  private hold(input: InputPartition, columns: EventColumns, row: number, group: number): void {
    const { guard } = input
    const { hash, offset } = columns
    const ticket = guard.nextTicket
    const frame: HeldFrame = {
      ticket,
      time: columns.time[row]!,
      group,
      offset: offset === undefined ? row : offset[row]!,
      hash:
        hash === undefined
          ? [0, 0, 0, 0]
          : [hash[4 * row]!, hash[4 * row + 1]!, hash[4 * row + 2]!, hash[4 * row + 3]!],
    }
    this.runs.addHeld(row, ticket)
    this.core.store.open.groups.addFrame(frame.group)
    const oldest = guard.hold(frame)
    if (oldest !== undefined) this.leave(input, oldest)
    guard.weigh()
  }

  /** A frame leaves the guard to be counted. */
  private release(input: InputPartition, frame: HeldFrame): void {
    this.core.store.open.groups.removeFrame(frame.group)
    const row = this.released.add(input.mark.partition, frame)
    // The guard has moved the trusted time before it set the frame free.
    this.trust(input)
    this.judge.judge(input, frame.time, frame.group, Source.released, row)
  }

  /** A frame leaves the guard as too far ahead. */
  private leave(input: InputPartition, frame: HeldFrame): void {
    this.core.store.open.groups.removeFrame(frame.group)
    const row = this.released.add(input.mark.partition, frame)
    this.runs.add(Outcome.ahead, Source.released, row, row + 1, -1)
    this.core.tally[Outcome.ahead]!++
  }

  /** Shows the guard the keys of rows. */
  private show({ shown }: Guard, { hash }: EventColumns, from: number, to: number): void {
    if (!this.guarded || !shown.isOpen) return
    if (hash === undefined) {
      shown.show(0, 0, 0, 0)
      return
    }
    for (let row = from; row < to && shown.isOpen; row++) {
      shown.show(hash[4 * row]!, hash[4 * row + 1]!, hash[4 * row + 2]!, hash[4 * row + 3]!)
    }
  }

  private get guarded(): boolean {
    return this.core.options.maxAhead !== always
  }

  /** A partition's watermark follows its trusted time. */
  private trust(input: InputPartition): void {
    const own = input.guard.trusted - this.core.options.outOfOrderness - 1
    if (own > input.mark.watermark) input.mark.watermark = own
  }

  /** The combined watermark follows the partition that is being pushed. */
  private follow(input: InputPartition): void {
    this.trust(input)
    this.core.watermarks.raise(Math.min(input.mark.watermark, this.others))
    if (this.core.store.schedule.follow(this.core.watermarks.combined)) this.core.due = true
  }

  /** Sets the bounds of the fast loop for the cell of the last counted row. */
  private aim(input: InputPartition): void {
    const cell = this.aimed
    if (cell === undefined) return
    const { guard, mark } = input
    const { outOfOrderness, allowedLateness, lateness, corrections } = this.core.options
    const { start, end } = cell.window
    const own = lateness === 'partition'
    const lateFrom = end - 1 + allowedLateness
    const leastHeld = guard.held.length === 0 ? always : guard.held.least - guard.horizon
    if (
      lateFrom <= this.core.watermarks.combined ||
      (own && lateFrom <= mark.watermark) ||
      (cell.fired && corrections === 'event') ||
      leastHeld <= guard.trusted ||
      guard.run.length > 0
    ) {
      this.aimed = undefined
      return
    }
    // The other partitions may hold the combined watermark below all that waits for it.
    const waiting = this.core.store.schedule.attention
    let watermark = waiting <= this.others ? waiting : always
    if (own || lateFrom <= this.others) watermark = Math.min(watermark, lateFrom)
    const { bounds } = this
    bounds.low = start
    bounds.high = Math.min(end, farthest + 1)
    bounds.attention = Math.min(watermark + outOfOrderness + 1, leastHeld)
  }
}
