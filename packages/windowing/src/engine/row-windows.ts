import { badArgument, expectGroupId, shown } from '../checks.js'
import { WindowingError } from '../errors.js'
import type { EventColumns } from '../intake/event-columns.js'
import { Outcome, Source } from '../intake/runs.js'
import type { Pane } from '../store/pane.js'
import { expectOptionShape } from './check-shape.js'
import { WindowEngine } from './engine.js'
import type { WindowEngineOptions } from './options.js'

/** Options of {@link RowWindows}: those of the engine, and how a value is added to a state. */
export interface RowWindowsOptions<S, V> extends WindowEngineOptions<S> {
  /** adds one value to the state of its window */
  readonly add: (state: S, value: V) => void
  /** writes the four words of the hash of the value's key, by which the far-future guard distinguishes keys. Default: all keys are the same */
  readonly hash?: (value: V, words: Uint32Array) => void
}

/** A value that left the far-future guard. */
export interface SettledValue<V> {
  /** as it was pushed */
  readonly value: V
  /** counted, late, closed, ahead or tooManyGroups */
  readonly outcome: Outcome
}

/**
 * Windows over single events: one event per call, added by a function. The common case allocates nothing. For millions of
 * events per second use the columns of {@link WindowEngine}.
 */
export class RowWindows<S, V> {
  /** For everything else: idle partitions, early panes, snapshots, counters. Call methods that judge held values on RowWindows instead. */
  readonly engine: WindowEngine<S>
  /** Values that left the guard in the last call. */
  readonly settled: SettledValue<V>[] = []
  /** Values in the guard by partition and ticket. Save them with a snapshot, and put them back with a restore. */
  readonly held = new Map<string, V>()

  private readonly columns: EventColumns & {
    readonly hash: Uint32Array
    readonly group: Uint32Array
    readonly offset: Float64Array
  } = {
    time: new Float64Array(1),
    hash: new Uint32Array(4),
    group: new Uint32Array(1),
    offset: new Float64Array(1),
  }

  /** @throws WindowingError bad-option */
  constructor(private readonly options: RowWindowsOptions<S, V>) {
    expectOptionShape('RowWindows', options, ['add', 'hash'])
    const { add, hash, ...engineOptions } = options
    if (typeof add !== 'function') throw badOption('add', add)
    if (hash !== undefined && typeof hash !== 'function') throw badOption('hash', hash)
    this.engine = new WindowEngine(engineOptions)
  }

  /**
   * Takes one event. If it makes panes due (`panesDue`), take them before the next event.
   *
   * @param time integer ms since the epoch; any other number is `Outcome.invalid`
   * @returns its outcome; `Outcome.held` values come back in `settled` of a later call
   * @throws WindowingError unknown-partition; panes-due; bad-argument
   */
  push(partition: number, time: number, value: V, group = 0, offset = 0): Outcome {
    const { columns, engine } = this
    if (typeof time !== 'number') throw badArgument('time', 'a number of milliseconds', time)
    if (typeof offset !== 'number') throw badArgument('offset', 'a number', offset)
    if (this.settled.length > 0) this.settled.length = 0
    const plain = engine.pushPlain(partition, time, group)
    if (plain >= 0) {
      this.add(plain, value)
      return Outcome.counted
    }
    expectGroupId(group)
    columns.time[0] = time
    columns.group[0] = group
    columns.offset[0] = offset
    this.options.hash?.(value, columns.hash)
    engine.push(partition, columns, 0, 1)
    const { runs } = engine
    const outcome = runs.outcome[0] as Outcome
    if (outcome === Outcome.counted) this.add(runs.slot[0]!, value)
    if (outcome === Outcome.held) this.held.set(`${partition} ${runs.ticket[0]}`, value)
    if (runs.length > 1) this.settle()
    return outcome
  }

  /** Whether `takePanes` must be called before the next push. */
  get panesDue(): boolean {
    return this.engine.panesDue
  }

  /** See {@link WindowEngine.takePanes}. */
  takePanes(): Pane<S>[] {
    return this.engine.takePanes()
  }

  /** See {@link WindowEngine.endPartition}. */
  endPartition(partition: number): void {
    this.engine.endPartition(partition)
    this.settleAll()
  }

  /** See {@link WindowEngine.flushHeld}. */
  flushHeld(partition: number): void {
    this.engine.flushHeld(partition)
    this.settleAll()
  }

  /** See {@link WindowEngine.quiet}. */
  quiet(): void {
    this.engine.quiet()
    this.settleAll()
  }

  /** See {@link WindowEngine.flush}. */
  flush(): void {
    this.engine.flush()
    this.settleAll()
  }

  private settleAll(): void {
    this.settled.length = 0
    this.settle()
  }

  private add(slot: number, value: V): void {
    this.options.add(this.engine.state(slot), value)
    if (this.options.totals === true) this.options.add(this.engine.totalState(slot), value)
  }

  private settle(): void {
    const { runs, released } = this.engine
    for (let run = 0; run < runs.length; run++) {
      if (runs.source[run] !== Source.released) continue
      const outcome = runs.outcome[run] as Outcome
      for (let row = runs.from[run]!; row < runs.to[run]!; row++) {
        const key = `${released.partition[row]} ${released.ticket[row]}`
        const value = this.held.get(key) as V
        this.held.delete(key)
        if (outcome === Outcome.counted) this.add(runs.slot[run]!, value)
        this.settled.push({ value, outcome })
      }
    }
  }
}

function badOption(name: string, found: unknown): WindowingError {
  return new WindowingError('bad-option', `Expected ${name} to be a function, found ${shown(found)}.`)
}
