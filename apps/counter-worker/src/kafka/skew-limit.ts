import type { KafkaSource } from '@card/kafka-io'
import type { CountingRun } from '../counting/counting-run.js'
import type { InputPartition, PartitionTable } from './partition-table.js'

/** So many windows of the smallest size a partition may be ahead: a day of minutes. */
const windowsAhead = 1_440

/**
 * Pauses partitions that are far ahead of the combined watermark, until the others have come half the way: a backlog
 * read unevenly would open windows without bound, for none can end before the slowest partition has passed it. The
 * partition that holds the watermark is never ahead of it, so there is always one that is being read, idle or at its end.
 */
export class SkewLimit {
  readonly #source: Pick<KafkaSource, 'pause' | 'resume'>
  readonly #core: Pick<CountingRun, 'tooFarAhead'>
  readonly #table: Pick<PartitionTable, 'all'>
  readonly #paused = new Set<string>()

  constructor(
    source: Pick<KafkaSource, 'pause' | 'resume'>,
    core: Pick<CountingRun, 'tooFarAhead'>,
    table: Pick<PartitionTable, 'all'>,
  ) {
    this.#source = source
    this.#core = core
    this.#table = table
  }

  /** Pauses and resumes; to be called when watermarks may have moved. */
  apply(): void {
    const far = this.#core.tooFarAhead(windowsAhead)
    if (far.length === 0 && this.#paused.size === 0) return
    const near = new Set(this.#core.tooFarAhead(windowsAhead / 2))
    const pause: InputPartition[] = []
    const resume: InputPartition[] = []
    for (const partition of this.#table.all) {
      const { name, assigned } = partition
      if (!assigned) continue
      if (this.#paused.has(name) && !near.has(name)) resume.push(partition)
      else if (!this.#paused.has(name) && far.includes(name)) pause.push(partition)
    }
    for (const { name } of pause) this.#paused.add(name)
    for (const { name } of resume) this.#paused.delete(name)
    if (pause.length > 0) this.#source.pause(pause)
    if (resume.length > 0) this.#source.resume(resume)
  }

  /** A partition was given or taken away: whoever reads it now is not paused. */
  forget(partition: string): void {
    this.#paused.delete(partition)
  }
}
