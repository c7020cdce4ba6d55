/** What became of a row. */
export const Outcome = {
  /** added to the window of the run's slot */
  counted: 0,
  /** its base window was over by the watermark of its own partition; counts nowhere */
  late: 1,
  /** waits in the far-future guard under the run's ticket */
  held: 2,
  /** left the far-future guard without having been corroborated; counts nowhere */
  ahead: 3,
  /** a new group where no more groups may be live; counts nowhere */
  tooManyGroups: 4,
  /** no integer time in the safe range; counts nowhere */
  invalid: 5,
  /** the caller's status is not zero */
  skipped: 6,
  /** in time for its own partition, but its base window has been published and has dropped its state; counts nowhere */
  closed: 7,
} as const
/** One of the outcomes, by number. */
export type Outcome = (typeof Outcome)[keyof typeof Outcome]

/** The names of the outcomes, by number. */
export const outcomeNames = [
  'counted',
  'late',
  'held',
  'ahead',
  'too-many-groups',
  'invalid',
  'skipped',
  'closed',
] as const
/** One of the outcomes, by name. */
export type OutcomeName = (typeof outcomeNames)[number]

/** Where the rows of a run are. */
export const Source = {
  /** the columns given to `push` */
  batch: 0,
  /** the engine's `released` columns: frames that left the far-future guard */
  released: 1,
} as const
/** One of the two, by number. */
export type Source = (typeof Source)[keyof typeof Source]

/**
 * The answer of the hot call, one entry a run of neighbouring rows with one fate. The arrays are reused by the
 * next call. A batch row is in exactly one run of source `batch`; a frame held earlier comes back once, in a run of source `released`.
 */
export class Runs {
  /** number of runs */
  length = 0
  /** first row */
  from: Uint32Array
  /** row after the last */
  to: Uint32Array
  /** of counted runs: where the rows are added, see `state`; else -1 */
  slot: Int32Array
  /** {@link Outcome} */
  outcome: Uint8Array
  /** {@link Source} */
  source: Uint8Array
  /** of held runs: the ticket of the first row, the others count on */
  ticket: Float64Array
  /** of late and closed runs: first ms of the base window */
  start: Float64Array
  /** of late and closed runs: first ms after the base window */
  end: Float64Array
  /** of late and closed runs: the watermark that judged them, in ms. A row is late by `watermark - time` */
  watermark: Float64Array

  constructor(private capacity = 256) {
    this.from = new Uint32Array(capacity)
    this.to = new Uint32Array(capacity)
    this.slot = new Int32Array(capacity)
    this.outcome = new Uint8Array(capacity)
    this.source = new Uint8Array(capacity)
    this.ticket = new Float64Array(capacity)
    this.start = new Float64Array(capacity)
    this.end = new Float64Array(capacity)
    this.watermark = new Float64Array(capacity)
  }

  /** Extends the last run by rows that follow it with the same fate, or begins one. */
  add(outcome: Outcome, source: Source, from: number, to: number, slot: number): void {
    const last = this.length - 1
    if (
      last >= 0 &&
      this.to[last] === from &&
      this.slot[last] === slot &&
      this.outcome[last] === outcome &&
      this.source[last] === source &&
      outcome !== Outcome.late &&
      outcome !== Outcome.closed
    ) {
      this.to[last] = to
      return
    }
    this.begin(outcome, source, from, to, slot)
  }

  /** Adds a row that its base window no longer takes: late or closed. */
  addLate(
    outcome: Outcome,
    source: Source,
    row: number,
    start: number,
    end: number,
    watermark: number,
  ): void {
    const last = this.length - 1
    if (
      last >= 0 &&
      this.outcome[last] === outcome &&
      this.to[last] === row &&
      this.source[last] === source &&
      this.start[last] === start &&
      this.watermark[last] === watermark
    ) {
      this.to[last] = row + 1
      return
    }
    this.begin(outcome, source, row, row + 1, -1)
    this.start[this.length - 1] = start
    this.end[this.length - 1] = end
    this.watermark[this.length - 1] = watermark
  }

  /** Adds a row that was held. */
  addHeld(row: number, ticket: number): void {
    const last = this.length - 1
    if (last >= 0 && this.outcome[last] === Outcome.held && this.to[last] === row) {
      this.to[last] = row + 1
      return
    }
    this.begin(Outcome.held, Source.batch, row, row + 1, -1)
    this.ticket[this.length - 1] = ticket
  }

  private begin(outcome: Outcome, source: Source, from: number, to: number, slot: number): void {
    if (this.length === this.capacity) this.grow()
    const at = this.length++
    this.from[at] = from
    this.to[at] = to
    this.slot[at] = slot
    this.outcome[at] = outcome
    this.source[at] = source
  }

  private grow(): void {
    const larger = new Runs(this.capacity * 2)
    larger.from.set(this.from)
    larger.to.set(this.to)
    larger.slot.set(this.slot)
    larger.outcome.set(this.outcome)
    larger.source.set(this.source)
    larger.ticket.set(this.ticket)
    larger.start.set(this.start)
    larger.end.set(this.end)
    larger.watermark.set(this.watermark)
    const length = this.length
    Object.assign(this, larger)
    this.length = length
  }
}
