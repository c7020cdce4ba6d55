import { type Counting, type CountingOptions, createCounting } from '@card/counting'
import type { GroupTable } from '@card/frames'
import { WorkerCore, type WorkerCoreOptions } from '../core/worker-core.js'
import type { CountingOutput } from './counting-output.js'
import { RunFigures } from './run-figures.js'
import { StepWriter, wantedLines } from './step-writer.js'

/** Which input partitions there are. */
export interface InputPartitions {
  readonly names: readonly string[]
  /** There will be no others. */
  readonly fixed: boolean
}

/** The one partition of files and stdin, which are read in order. */
export const filesPartition = '-'

/** What is counted, how, and what decides when it comes out. */
export interface CountingSetup {
  readonly counting: CountingOptions
  readonly core: WorkerCoreOptions
  readonly partitions: InputPartitions
}

/** What counts, what decides, what hands on, and what is known of it. */
export interface CountingParts {
  readonly counting: Counting
  readonly core: WorkerCore
  readonly writer: StepWriter
  readonly figures: RunFigures
}

/**
 * @param groups the table behind the ids of the rows to come
 * @param now ms of the clock that the core is told the time of
 */
export function openCounting(
  { counting: options, core: decisions, partitions }: CountingSetup,
  groups: GroupTable,
  output: CountingOutput,
  now: number,
): CountingParts {
  const counting = createCounting(options, groups, wantedLines(output), partitions)
  const writer = new StepWriter(output)
  return {
    counting,
    core: new WorkerCore(decisions, counting, groups, now),
    writer,
    figures: new RunFigures(counting, writer, output.lateAction),
  }
}
