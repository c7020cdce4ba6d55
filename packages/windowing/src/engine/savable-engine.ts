import { expectGroupNames, expectSnapshotOptions } from '../checks.js'
import { type ChangeOptions, type ChangeStream, openChanges } from '../snapshot/change-stream.js'
import { savedRecords, saveEngine, saveHead } from '../snapshot/engine-snapshot.js'
import type { Saved } from '../snapshot/saved.js'
import type { EngineHead, GroupNames, WindowingSnapshot } from '../snapshot/snapshot.js'
import { EngineFigures } from './engine-figures.js'

/** How an engine is saved, whole or by what changed. */
export abstract class SavableEngine<S> extends EngineFigures<S> {
  private stream: ChangeStream<S> | undefined

  /**
   * Everything the engine needs to continue as if nothing had happened, as plain data. Save it in one write with the input
   * positions. Does not affect the tracking of changes.
   *
   * @throws WindowingError panes-due (take the panes first)
   */
  snapshot(options: { groups?: GroupNames } = {}): WindowingSnapshot {
    expectSnapshotOptions(options)
    this.core.expectNoPanes()
    return saveEngine(this.core, options.groups)
  }

  /** A snapshot without its records. */
  head(groups?: GroupNames): EngineHead {
    expectGroupNames(groups)
    this.core.expectNoPanes()
    return saveHead(this.core, groups)
  }

  /** The records of a whole snapshot one by one, with live states. Read them before the next call of the engine. */
  records(): Iterable<Saved<S>> {
    return savedRecords(this.core)
  }

  /**
   * What changed since the last acknowledged stream of changes; everything, the first time.
   *
   * @param options.groups names the groups of the head; records hold ids
   * @param options.whole everything there is, changed or not, so that a store can drop all records it had; default false
   * @throws WindowingError panes-due; not-tracked; snapshot-open: the stream before is neither acknowledged nor abandoned
   */
  changes(options: ChangeOptions = {}): ChangeStream<S> {
    expectSnapshotOptions(options, ['whole'])
    this.core.expectNoPanes()
    this.stream = openChanges(this.core, this.stream, options)
    return this.stream
  }
}
