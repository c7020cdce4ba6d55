import type { FrameBatch } from '../count/frame-batch.js'
import type { RefusedRow } from '../count/refused-rows.js'
import type { RowSums } from '../count/row-counter.js'
import type { TimeFigures, TimeWarning } from '../count/time-watch.js'
import type { Announced } from '../merge/announcement.js'
import type { PublishedSums, Results } from '../merge/merge-step.js'

/** Everything that came of counting in one process since the step before. */
export interface Step extends Results {
  readonly refused: readonly RefusedRow[]
  readonly warnings: readonly TimeWarning[]
}

/** Sums of all partitions of a process. */
export interface CountingSums extends RowSums {
  /** Frames whose window had been published and had dropped its state: late, though in time for their own partition. */
  readonly closed: number
  readonly published: PublishedSums
}

/** Counting and publishing in one process, without state that outlives it. Only `takeStep` publishes anything. */
export interface Counting {
  /**
   * Takes rows of a batch of a partition from `from` on, until windows are due: take the step, then go on.
   *
   * @returns the row after the last one taken
   * @throws WindowingError unknown-partition
   */
  consume(partition: string, batch: FrameBatch, from: number): number
  /** Adds a partition, which holds every window until its first frame, or until it is idle. No effect when it is known. */
  addPartition(partition: string): void
  /**
   * A partition is caught up and quiet: it holds no window back until its next frame. While it holds frames that nothing
   * has contradicted, that waits for `flushHeld`.
   */
  idle(partition: string): void
  /** A partition has been quiet for so long that its held frames wait for no others: they count, or leave as `ahead`. */
  flushHeld(partition: string): void
  /** A partition is read again. */
  active(partition: string): void
  /** Nothing more comes from a partition: its held frames are judged, and it holds no window back. */
  endPartition(partition: string): void
  /**
   * What partitions have counted goes to where windows are united, in slices of some milliseconds. Run to its end it leaves
   * `idle`, `endPartition` and `early` little to do, which with many groups took seconds. Publishes nothing; call nothing else
   * until it is done.
   *
   * @param partition the only one; default all
   * @throws WindowingError unknown-partition
   */
  handOverInSteps(partition?: string): Iterable<void>
  /** Publishes what changed and has not ended yet. */
  early(): void
  /**
   * The stream is silent: what a flush would publish is published as far as its windows ended at or before `until`.
   *
   * @param until ms
   * @param limit results of one call, so that it does not take long; call again while there is more
   */
  announce(until: number, limit?: number): Announced
  /** The end of the stream: every open window is published. */
  flush(): void
  /**
   * The stream is left before its end: held frames are judged as by `flush`, but nothing is published, so that the sums
   * and `unfinished` say what became of every frame.
   */
  judgeHeld(): void
  /**
   * Everything since the step before. Results that are not taken by the next call of another method are all made by it.
   *
   * @param limit about this many results at most: call again while there are more. Default Infinity
   */
  takeStep(limit?: number): Step
  /** The partitions ahead of the combined watermark by more than this many base windows, which they keep open. */
  tooFarAhead(windows: number): string[]
  /** Whether a group id is in use, so that the others can be freed. */
  isLiveGroup(id: number): boolean
  /** What is known of the event times of a partition. */
  timesOf(partition: string): TimeFigures
  /** The watermark of a partition in ms; -Infinity: none yet, Infinity: it has ended. */
  watermarkOf(partition: string): number
  /** Results, of a window and group, whose latest content is not published. */
  unfinished(): number
  /** Windows that hold state, by the name of their size. */
  readonly openWindows: Record<string, number>
  /** Bytes of the states of open windows, by the name of their size. */
  readonly stateBytes: Record<string, number>
  readonly sums: CountingSums
}
