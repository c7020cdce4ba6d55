import { WindowingError } from './errors.js'
import { ceilingOf, type EventColumns } from './event-columns.js'
import { Guard, type HeldFrame } from './guard.js'
import { loadGuard, saveGuard } from './guard-record.js'
import type { Cell } from './open-window.js'
import { checkedOptions, type WindowEngineOptions } from './options.js'
import type { Pane } from './pane.js'
import { type PlannedSize, rollUpPlan } from './plan.js'
import { ReleasedFrames } from './released.js'
import { Outcome, type OutcomeName, outcomeNames, Runs, Source } from './runs.js'
import { type ScanBounds, scan, scanChecked } from './scan.js'
import { meanLength, sizeKey } from './size.js'
import { type GroupNames, plainTime, timeOf, type WindowingSnapshot } from './snapshot.js'
import { type PartitionMark, Watermarks } from './watermarks.js'
import { WindowStore } from './window-store.js'

/** Windows of a size that retention has let go. */
export interface Expired {
  /** the name of the size */
  readonly window: string
  /** ms: every window that ends at or before it may be forgotten */
  readonly before: number
}

interface InputPartition {
  readonly mark: PartitionMark
  readonly guard: Guard
}

const always = Number.POSITIVE_INFINITY
/** Times that ECMAScript knows: 100,000,000 days on either side of the epoch. */
const farthest = 8_640_000_000_000_000
/** Cells kept for look-ups by group; a power of two. */
const recentCells = 1024

/**
 * Event-time windows over any mergeable state. The caller pushes columns of times and gets runs of (slot, outcome);
 * it adds the rows of counted runs to `state(slot)`, then takes the panes that became due.
 *
 * ```ts
 * for (let row = 0; row < rows; ) {
 *   row = engine.push(partition, columns, row, rows)
 *   // add the rows of each counted run of engine.runs to engine.state(slot)
 *   for (const pane of engine.takePanes()) publish(pane)
 * }
 * ```
 */
export class WindowEngine<S> {
  /** The answer of the last `push` or `flush`. */
  readonly runs = new Runs()
  /** The frames that left the far-future guard in the last `push` or `flush`; runs of source `released` point here. */
  readonly released = new ReleasedFrames()

  private readonly options: Required<WindowEngineOptions<S>>
  private readonly plan: readonly PlannedSize[]
  private readonly base: PlannedSize
  private readonly watermarks = new Watermarks()
  private readonly partitions = new Map<number, InputPartition>()
  private readonly store: WindowStore<S>
  private readonly tally = outcomeNames.map(() => 0)
  private due = false
  /** windows that end at or before this are closed for good, whatever the lateness is now */
  private closedUntil = Number.NEGATIVE_INFINITY
  /** how far each retention got, by the name of its size */
  private readonly expired = new Map<string, number>()

  // Where the hot loop may run: the cell of the last counted row, and the bounds of its times.
  private aimed: Cell<S> | undefined
  private aimedGroup = 0
  private readonly bounds: ScanBounds
  private readonly recent: (Cell<S> | undefined)[] = new Array(recentCells).fill(undefined)
  /** the least watermark of the other active partitions */
  private others = always

  /** @throws WindowingError bad-option */
  constructor(options: WindowEngineOptions<S>) {
    this.options = checkedOptions(options)
    const { sizes, rolling, zone, aggregate, allowedLateness, corrections, overflowGroup } = this.options
    const plan = rollUpPlan(
      sizes,
      zone,
      rolling.map((view) => view.every),
    )
    this.bounds = { low: 0, high: 0, attention: 0, ahead: this.options.maxAhead, reference: 0 }
    this.plan = plan
    this.base = plan[0]!
    const views = rolling.map((view) => ({
      view,
      step: plan.find(({ stands }) => stands.includes(view.every))!,
    }))
    const exempt = overflowGroup === 'reject' ? -1 : overflowGroup
    this.store = new WindowStore(plan, aggregate, allowedLateness, corrections === 'event', exempt, views)
    for (const partition of this.options.partitions) this.addPartition(partition)
  }

  /** The combined watermark in ms; -Infinity: none yet, Infinity: after the flush. */
  get watermark(): number {
    return this.watermarks.combined
  }

  /** Whether `takePanes` is to be called before the next push. */
  get panesDue(): boolean {
    return this.due
  }

  /** Rows by what became of them; `held` is how many the guard holds now. */
  get counters(): Record<OutcomeName, number> {
    const counters = Object.fromEntries(outcomeNames.map((name, i) => [name, this.tally[i]!]))
    let held = 0
    for (const { guard } of this.partitions.values()) held += guard.held.length
    return { ...counters, held } as Record<OutcomeName, number>
  }

  /** How many windows hold state, hidden base windows left out. */
  get openWindows(): number {
    return this.store.open
  }

  /** Open windows of each size by name. */
  get openBySize(): Record<string, number> {
    return this.store.openBySize()
  }

  /** Bytes that the states take, as `Aggregate.measure` tells, by size; of hidden ones too. */
  get stateBytes(): Record<string, number> {
    return this.store.stateBytes()
  }

  /** How many results (of a window and a group) a flush would give: not fired yet, or changed since. */
  get unfinished(): number {
    return this.store.unfinished
  }

  /** Distinct groups that open windows use; the null and the overflow group do not count. */
  get liveGroups(): number {
    return this.store.groups.count
  }

  /** Whether an open window or a held frame uses a group id. Ids of panes just taken may have ceased to be live. */
  isLiveGroup(group: number): boolean {
    return this.store.groups.isLive(group)
  }

  /** The state that the rows of a counted run are added to. */
  state(slot: number): S {
    return this.store.slots[slot]!.state as S
  }

  /** Adds a partition; after the start it begins with the combined watermark of this moment. No effect when it is known. */
  addPartition(partition: number): void {
    if (this.partitions.has(partition)) return
    const mark = this.watermarks.add(partition)
    mark.watermark = this.watermark
    this.partitions.set(partition, { mark, guard: new Guard(this.options.maxAhead) })
  }

  /** Forgets a partition; the frames it holds go with it, to whoever restores its snapshot. Take the panes afterwards. */
  removePartition(partition: number): void {
    const { guard } = this.partition(partition)
    for (const frame of guard.held) this.store.groups.removeFrame(frame.group)
    this.partitions.delete(partition)
    this.watermarks.remove(partition)
    this.settle()
  }

  /** Declares that nothing more comes from a partition, whose held frames wait for the flush. Take the panes afterwards. */
  endPartition(partition: number): void {
    this.partition(partition)
    this.watermarks.ended(partition)
    this.settle()
  }

  /** The watermark of a partition in ms; -Infinity: none yet. */
  partitionWatermark(partition: number): number {
    return this.partition(partition).mark.watermark
  }

  /**
   * The partitions whose watermark is more than `skew` ms past the combined one: to be paused, for each
   * keeps `skew / size` windows more open. Before there is a combined watermark, the oldest open window stands for it.
   */
  tooFarAhead(skew: number): number[] {
    const from = Math.max(this.watermark, this.store.oldest)
    return [...this.partitions.keys()].filter((p) => this.partitionWatermark(p) - from > skew)
  }

  /** Declares a partition idle (caught up and quiet): it no longer holds the watermark. Take the panes afterwards. */
  idle(partition: number): void {
    this.partition(partition)
    this.watermarks.idle(partition)
    this.settle()
  }

  /** Moves a partition's watermark beside its events, never back, and makes it active. Take the panes afterwards. */
  observe(partition: number, watermark: number): void {
    const { mark } = this.partition(partition)
    this.wake(mark)
    if (watermark > mark.watermark) mark.watermark = watermark
    this.settle()
  }

  /** Declares a partition active, as an event does. It begins with the combined watermark of this moment. */
  active(partition: number): void {
    this.wake(this.partition(partition).mark)
    this.settle()
  }

  /**
   * Handles rows of a partition from `from` and stops after the row that made panes due. Fills `runs`.
   *
   * @param to the row after the last one
   * @returns the row after the last one handled
   * @throws WindowingError unknown-partition; panes-due (take the panes first)
   */
  push(partition: number, columns: EventColumns, from: number, to: number): number {
    this.expectNoPanes()
    const input = this.partition(partition)
    const { guard } = input
    this.clear()
    this.others = this.watermarks.leastOfOthers(input.mark)
    let row = from
    while (row < to) {
      if (this.aimed !== undefined) {
        // Rows that only extend what the row before began. They move the trusted time alone; the watermark is
        // worked out after them.
        const next = this.extend(guard, columns, row, to)
        if (next > row) {
          this.accept(guard, columns, row, next)
          this.follow(input)
        }
        row = next
        if (row === to) break
      }
      this.row(input, columns, row)
      row++
      if (this.due) break
      this.aim(input)
    }
    return row
  }

  /** The panes that are due: finals, then corrections, each by end, size and arrival. Windows past their time give up their state. */
  takePanes(): Pane<S>[] {
    if (!this.due) return []
    this.due = false
    // Kept cells would keep the states of windows that are given up now.
    this.recent.fill(undefined)
    return this.store.fire(this.watermark)
  }

  /**
   * What the retention of `options.retention` has let go since the last call: of each size, all windows that end at
   * or before a time. Counts in event time (the combined watermark), never by a clock.
   */
  takeExpired(): Expired[] {
    const moved: Expired[] = []
    // After the end of input nothing more expires: the watermark is no time any more.
    if (!Number.isFinite(this.watermark)) return moved
    for (const { size, assigner, hidden } of this.plan) {
      const retention = hidden ? undefined : this.options.retention[size.name]
      if (retention === undefined) continue
      assigner.locate(this.watermark + 1 - retention)
      const before = assigner.start
      if (before <= (this.expired.get(size.name) ?? Number.NEGATIVE_INFINITY)) continue
      this.expired.set(size.name, before)
      moved.push({ window: size.name, before })
    }
    return moved
  }

  /** Provisional panes of all windows that have not ended and changed since their last pane, by end, size and arrival. */
  early(): Pane<S>[] {
    this.expectNoPanes()
    return this.store.early(this.watermark)
  }

  /**
   * The stream has been silent for longer than the caller wants to wait: base windows that hold events fire, and
   * what ends with them. Frames in the guard stay there: one flipped bit, last of all, is not to move the watermark
   * by a century. The stream may go on; events that come for these windows are late, or corrections. Take the panes
   * afterwards.
   */
  quiet(): void {
    const end = this.store.newestBaseEnd
    for (const { mark } of this.partitions.values()) mark.watermark = Math.max(mark.watermark, end - 1)
    this.settle()
  }

  /**
   * The end of all input: empties the guard (fills `runs`: add their rows), then every window fires or is
   * corrected with the next `takePanes`. Everything pushed afterwards is late.
   */
  flush(): void {
    this.expectNoPanes()
    this.clear()
    for (const input of this.partitions.values()) {
      // The watermark may have passed an idle partition, whose held frames are late where it did.
      if (input.mark.idle || input.mark.ended) this.wake(input.mark)
      const { processed, ahead } = input.guard.flush()
      for (const frame of processed) this.process(input, frame)
      for (const frame of ahead) this.leave(input, frame)
    }
    for (const { mark } of this.partitions.values()) mark.watermark = always
    this.watermarks.finish()
    this.settle()
  }

  /**
   * Everything the engine needs to go on as if nothing had happened, as plain data. To be saved in one write with
   * the input positions.
   *
   * @throws WindowingError panes-due (take the panes first)
   */
  snapshot(options: { changesOnly?: boolean; groups?: GroupNames } = {}): WindowingSnapshot {
    this.expectNoPanes()
    const { changesOnly = false, groups } = options
    return {
      format: 'card-windowing',
      version: 1,
      fingerprint: this.fingerprint,
      changesOnly,
      watermark: this.watermark === always ? 'end' : plainTime(this.watermark),
      closedUntil: plainTime(Math.max(this.closedUntil, this.watermark - this.options.allowedLateness)),
      counters: [...this.tally],
      partitions: [...this.partitions.values()].map(({ mark, guard }) => ({
        partition: mark.partition,
        watermark: mark.watermark === always ? null : plainTime(mark.watermark),
        ...saveGuard(guard, groups),
      })),
      expired: Object.fromEntries(this.expired),
      sizes: Object.fromEntries(this.plan.map(({ size }) => [sizeKey(size), meanLength(size)])),
      cells: this.store.save(groups, changesOnly),
      rolling: this.store.saveViews(groups, changesOnly),
    }
  }

  /**
   * Brings a new engine to where a whole snapshot was made. Partitions start active. Sizes above the base, rolling
   * views, out-of-orderness, lateness and limits may have changed; windows closed then stay closed.
   *
   * @throws WindowingError bad-snapshot: of another format or version, only changes, or the engine is not new; settings-differ
   */
  restore(snapshot: WindowingSnapshot, groups?: GroupNames): void {
    const fault = this.faultOf(snapshot)
    if (fault !== undefined) throw new WindowingError('bad-snapshot', fault)
    if (snapshot.fingerprint !== this.fingerprint) {
      throw new WindowingError(
        'settings-differ',
        `Expected a snapshot of the settings ${this.fingerprint}, found ${snapshot.fingerprint}; restore with those settings or start anew.`,
      )
    }
    const watermark = snapshot.watermark === 'end' ? always : timeOf(snapshot.watermark)
    this.watermarks.raise(watermark)
    this.closedUntil = timeOf(snapshot.closedUntil)
    snapshot.counters.forEach((count, outcome) => {
      this.tally[outcome] = count
    })
    for (const [name, before] of Object.entries(snapshot.expired)) this.expired.set(name, before)
    for (const record of snapshot.partitions) {
      this.addPartition(record.partition)
      const { mark, guard } = this.partition(record.partition)
      mark.watermark = watermark === always ? always : timeOf(record.watermark)
      loadGuard(guard, record, groups)
      for (const { group } of guard.held) this.store.groups.addFrame(group)
    }
    this.store.load(snapshot, groups, watermark)
  }

  /** What tells snapshots of other settings apart: the base, its zone and how lateness and corrections go. */
  private get fingerprint(): string {
    const { sizes, rolling, zone, lateness, corrections } = this.options
    const calendar = [...sizes, ...rolling.map((view) => view.every)].some((size) => 'unit' in size)
    return JSON.stringify({
      base: sizeKey(this.base.size),
      zone: calendar ? zone : 'UTC',
      lateness,
      corrections,
    })
  }

  private faultOf(snapshot: WindowingSnapshot): string | undefined {
    if (snapshot?.format !== 'card-windowing' || snapshot.version !== 1) {
      return `Expected format card-windowing version 1, found ${snapshot?.format} version ${snapshot?.version}; restore it with the release that wrote it.`
    }
    if (snapshot.changesOnly)
      return 'Expected a whole snapshot, found changes only; apply them to the whole one first.'
    const used = this.tally.some((count) => count > 0) || this.watermark !== Number.NEGATIVE_INFINITY
    return used
      ? 'Expected a new engine, found one that has taken events; restore before pushing.'
      : undefined
  }

  private clear(): void {
    this.runs.length = 0
    this.released.rows = 0
    this.aimed = undefined
  }

  /** Counts the rows from `from` on that make nothing due, and returns the first that needs a closer look. */
  private extend(guard: Guard, columns: EventColumns, from: number, to: number): number {
    const { bounds } = this
    const { time, group, status, ceiling } = columns
    const guarded = this.options.maxAhead !== always
    const ceilings = guarded && typeof ceiling === 'object' ? ceiling : undefined
    if (guarded && typeof ceiling === 'number' && ceiling < bounds.high) bounds.high = ceiling + 1
    bounds.reference = guard.reference
    let cell = this.aimed!
    let row = from
    if (group === undefined && status === undefined && ceilings === undefined) {
      row = scan(time, from, to, bounds)
      if (row > from) this.count(cell, Source.batch, from, row)
    } else {
      let id = this.aimedGroup
      for (;;) {
        const next = scanChecked(time, row, to, bounds, id, group, status, ceilings)
        if (next > row) this.count(cell, Source.batch, row, next)
        row = next
        if (row === to || group === undefined || group[row] === id) break
        const other = this.recentCell(cell, group[row]!)
        // A cell that is not marked has coarser ones to tell of its change, which takes a closer look.
        if (other === undefined || !other.marked) break
        cell = other
        id = group[row]!
      }
    }
    guard.reference = bounds.reference
    return row
  }

  /** The cell of a group in the window of another cell. */
  private recentCell({ window }: Cell<S>, group: number): Cell<S> | undefined {
    // A look into a table of the last cells is several times faster than one into the window's map.
    const at = group & (recentCells - 1)
    let cell = this.recent[at]
    if (cell !== undefined && cell.group === group && cell.window === window) return cell
    cell = window.cells.get(group)
    if (cell !== undefined) this.recent[at] = cell
    return cell
  }

  /** One row of a batch through the guard, and what it sets free. */
  private row(input: InputPartition, columns: EventColumns, row: number): void {
    const { guard, mark } = input
    const t = columns.time[row]!
    if (columns.status !== undefined && columns.status[row] !== 0) {
      this.note(Outcome.skipped, row)
      return
    }
    if (!Number.isInteger(t) || t < -farthest || t > farthest) {
      this.note(Outcome.invalid, row)
      return
    }
    if ((mark.idle || mark.ended) && this.options.outOfOrderness !== always) this.wake(mark)
    if (this.options.maxAhead === always || (guard.reaches(t) && t <= ceilingOf(columns, row))) {
      this.judge(input, t, columns.group === undefined ? 0 : columns.group[row]!, Source.batch, row)
      if (t > guard.reference) guard.reference = t
      this.accept(guard, columns, row, row + 1)
      for (const frame of guard.release()) this.process(input, frame)
    } else {
      this.hold(input, columns, row)
    }
    this.follow(input)
  }

  private hold(input: InputPartition, columns: EventColumns, row: number): void {
    const { guard } = input
    const { hash, group, offset } = columns
    const ticket = guard.nextTicket
    const frame: HeldFrame = {
      ticket,
      time: columns.time[row]!,
      group: group === undefined ? 0 : group[row]!,
      offset: offset === undefined ? row : offset[row]!,
      hash:
        hash === undefined
          ? [0, 0, 0, 0]
          : [hash[4 * row]!, hash[4 * row + 1]!, hash[4 * row + 2]!, hash[4 * row + 3]!],
      evidence: columns.time[row]! <= ceilingOf(columns, row),
    }
    this.runs.addHeld(row, ticket)
    this.store.groups.addFrame(frame.group)
    const oldest = guard.hold(frame)
    if (oldest !== undefined) this.leave(input, oldest)
    for (let moved = guard.move(); moved !== undefined; moved = guard.move()) {
      for (const released of moved) this.process(input, released)
    }
  }

  /** A frame leaves the guard to be counted. */
  private process(input: InputPartition, frame: HeldFrame): void {
    this.store.groups.removeFrame(frame.group)
    const row = this.released.add(input.mark.partition, frame)
    // The guard has moved the trusted time before it set the frame free.
    this.trust(input)
    this.judge(input, frame.time, frame.group, Source.released, row)
  }

  /** A frame leaves the guard as too far ahead. */
  private leave(input: InputPartition, frame: HeldFrame): void {
    this.store.groups.removeFrame(frame.group)
    const row = this.released.add(input.mark.partition, frame)
    this.runs.add(Outcome.ahead, Source.released, row, row + 1, -1)
    this.tally[Outcome.ahead]!++
  }

  /** One event the guard has let through: late, of a group too many, or counted. */
  private judge(input: InputPartition, t: number, group: number, source: Source, row: number): void {
    const { store, watermark } = this
    const { lateness, allowedLateness, maxGroups, overflowGroup } = this.options
    const { assigner } = this.base
    assigner.locate(t)
    const { start, end } = assigner
    const judging = lateness === 'partition' ? input.mark.watermark : watermark
    if (end - 1 + allowedLateness <= judging || end - 1 <= this.closedUntil) {
      this.runs.addLate(source, row, row + 1, start, end, judging)
      this.tally[Outcome.late]!++
      return
    }
    let cell = store.find(start, group)
    if (cell === undefined) {
      const { groups } = store
      let into = group
      if (group !== 0 && group !== overflowGroup && groups.count >= maxGroups && !groups.inWindow(group)) {
        if (overflowGroup === 'reject') {
          this.runs.add(Outcome.tooManyGroups, source, row, row + 1, -1)
          this.tally[Outcome.tooManyGroups]!++
          return
        }
        into = overflowGroup
      }
      cell = store.cell(start, into, watermark)
    }
    this.count(cell, source, row, row + 1)
    if (source === Source.batch) {
      this.aimed = cell
      this.aimedGroup = group
    }
  }

  private count(cell: Cell<S>, source: Source, from: number, to: number): void {
    this.store.add(cell, to - from)
    this.runs.add(Outcome.counted, source, from, to, cell.slot)
    this.tally[Outcome.counted]! += to - from
  }

  private note(outcome: Outcome, row: number): void {
    this.runs.add(outcome, Source.batch, row, row + 1, -1)
    this.tally[outcome]!++
  }

  /** Tells the guard that rows were accepted on arrival. */
  private accept(guard: Guard, columns: EventColumns, from: number, to: number): void {
    if (this.options.maxAhead === always) return
    guard.accepted()
    const { hash } = columns
    for (let row = from; row < to && guard.wantsKeys; row++) {
      if (hash === undefined) guard.show(0, 0, 0, 0)
      else guard.show(hash[4 * row]!, hash[4 * row + 1]!, hash[4 * row + 2]!, hash[4 * row + 3]!)
      if (hash === undefined) break
    }
  }

  /** A partition's watermark follows its trusted time. */
  private trust(input: InputPartition): void {
    const own = input.guard.reference - this.options.outOfOrderness - 1
    if (own > input.mark.watermark) input.mark.watermark = own
  }

  /** The combined watermark follows the partition that is being pushed. */
  private follow(input: InputPartition): void {
    this.trust(input)
    this.watermarks.raise(Math.min(input.mark.watermark, this.others))
    if (this.store.follow(this.watermark)) this.due = true
  }

  /** The combined watermark follows what was said about a partition. */
  private settle(): void {
    this.watermarks.combine()
    if (this.store.follow(this.watermark)) this.due = true
  }

  private wake(mark: PartitionMark): void {
    mark.idle = false
    mark.ended = false
    if (this.watermark > mark.watermark) mark.watermark = this.watermark
  }

  /** Sets the bounds of the fast loop for the cell of the last counted row. */
  private aim(input: InputPartition): void {
    const cell = this.aimed
    if (cell === undefined) return
    const { guard, mark } = input
    const { outOfOrderness, allowedLateness, maxAhead, lateness, corrections } = this.options
    const { start, end } = cell.window
    const own = lateness === 'partition'
    const lateFrom = end - 1 + allowedLateness
    const held = guard.held.length > 0
    if (
      lateFrom <= (own ? mark.watermark : this.watermark) ||
      (cell.fired && corrections === 'event') ||
      (held && guard.reaches(guard.least))
    ) {
      this.aimed = undefined
      return
    }
    // The other partitions may hold the combined watermark below all that waits for it.
    const waiting = this.store.attention
    let watermark = waiting <= this.others ? waiting : always
    if (own || lateFrom <= this.others) watermark = Math.min(watermark, lateFrom)
    const { bounds } = this
    bounds.low = start
    bounds.high = Math.min(end, farthest + 1)
    bounds.attention = watermark + outOfOrderness + 1
    if (held) bounds.attention = Math.min(bounds.attention, guard.least - maxAhead)
  }

  private partition(partition: number): InputPartition {
    const input = this.partitions.get(partition)
    if (input === undefined) {
      throw new WindowingError(
        'unknown-partition',
        `Expected a partition that was added, found ${partition}; call addPartition(${partition}) first.`,
      )
    }
    return input
  }

  private expectNoPanes(): void {
    if (!this.due) return
    throw new WindowingError('panes-due', 'Expected no panes to be due, found some; call takePanes() first.')
  }
}
