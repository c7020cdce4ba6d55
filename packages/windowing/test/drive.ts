import { Outcome, type Pane, Source, type WindowEngine } from '../src/index.js'

/** One event of a history. */
export interface TestEvent {
  p: number
  t: number
  user: number
  group: number
}

/** A pane as plain data, to compare. */
export interface PlainPane {
  after: number
  kind: string
  window: string
  start: number
  end: number
  group: number
  revision: number
  events: number
  users: number[]
  last: boolean
}

/** A call that is not an event; `early` concerns no partition. */
export interface PartitionCall {
  call: 'idle' | 'active' | 'endPartition' | 'flushHeld' | 'addPartition' | 'removePartition' | 'early'
  partition: number
}

/** One thing that happens. */
export type TestInput = TestEvent | PartitionCall

/** What came out of a history: panes, and for each event what became of it. */
export interface Record {
  panes: PlainPane[]
  late: number[]
  closed: number[]
  ahead: number[]
  rejected: number[]
}

/** Drives an engine over sets of users, as a worker would, with an event's index as its offset. */
export class Driver {
  readonly record: Record = { panes: [], late: [], closed: [], ahead: [], rejected: [] }
  private index = 0

  /** @param totals whether the engine has totals */
  constructor(
    public engine: WindowEngine<Set<number>>,
    private readonly totals = false,
  ) {}

  /** Pushes neighbouring events of one partition as one batch. */
  push(events: readonly TestEvent[]): void {
    const { engine } = this
    const rows = events.length
    const columns = {
      time: Float64Array.from(events, (event) => event.t),
      hash: Uint32Array.from(events.flatMap((event) => [event.user, 0, 0, 0])),
      group: Uint32Array.from(events, (event) => event.group),
      offset: Float64Array.from(events, (_, i) => this.index + i),
    }
    for (let row = 0; row < rows; ) {
      const next = engine.push(events[0]!.p, columns, row, rows)
      this.settle(columns)
      this.take(engine.takePanes(), this.index + next - 1)
      row = next
    }
    this.index += rows
  }

  early(): void {
    this.take(this.engine.early(), this.index - 1)
  }

  /** Something other than an event happens, and takes an index of its own. */
  call(what: PartitionCall['call'], partition: number): void {
    const { engine } = this
    if (what === 'early') this.take(engine.early(), this.index)
    else engine[what](partition)
    if (what === 'endPartition' || what === 'flushHeld') this.settle(undefined)
    this.take(engine.takePanes(), this.index)
    this.index++
  }

  quiet(): void {
    this.engine.quiet()
    this.settle(undefined)
    this.take(this.engine.takePanes(), this.index - 1)
  }

  flush(): void {
    this.engine.flush()
    this.settle(undefined)
    this.take(this.engine.takePanes(), this.index)
  }

  private settle(columns: { hash: Uint32Array; offset: Float64Array } | undefined): void {
    const { runs, released } = this.engine
    for (let run = 0; run < runs.length; run++) {
      const from = runs.source[run] === Source.batch ? columns! : released
      for (let row = runs.from[run]!; row < runs.to[run]!; row++) {
        const index = from.offset[row]!
        const outcome = runs.outcome[run]
        if (outcome === Outcome.counted) this.engine.state(runs.slot[run]!).add(from.hash[4 * row]!)
        if (outcome === Outcome.counted && this.totals) {
          this.engine.totalState(runs.slot[run]!).add(from.hash[4 * row]!)
        }
        if (outcome === Outcome.late) this.record.late.push(index)
        if (outcome === Outcome.closed) this.record.closed.push(index)
        if (outcome === Outcome.ahead) this.record.ahead.push(index)
        if (outcome === Outcome.tooManyGroups) this.record.rejected.push(index)
      }
    }
  }

  private take(panes: Pane<Set<number>>[], after: number): void {
    for (const { kind, window, start, end, group, revision, events, state, last } of panes) {
      const users = [...state].sort((a, b) => a - b)
      this.record.panes.push({ after, kind, window, start, end, group, revision, events, users, last })
    }
  }
}
