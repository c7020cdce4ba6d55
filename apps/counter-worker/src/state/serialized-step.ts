import {
  type Checkpoint,
  type CountStep,
  checkpointPartition,
  type Groups,
  type ManifestFields,
  type MergeStep,
  type Owner,
  writePartials,
  writeProgress,
} from '@card/counting'
import type { TransactionRecord } from '@card/kafka-io'
import type { StateTopics } from './state-topics.js'

/** What a step is written with. */
export interface StepParts {
  readonly owner: Owner
  readonly checkpoint: Checkpoint
  readonly topics: StateTopics
  readonly groups: Groups
  readonly fields: ManifestFields
}

/** The records of a step. All are made before anything is sent, so that a transaction is open only for milliseconds. */
export interface SerializedStep {
  /** Blocks of state, partials and progress, results and refused lines. */
  readonly records: readonly TransactionRecord[]
  /** Names the state. Without transactions it is sent once everything else is safe. */
  readonly manifest: TransactionRecord
}

/** Work that yields now and then to let others run. */
type InSlices<T> = Generator<void, T, undefined>

/**
 * The records of a counter's step: run it to its end before the next call of the counter, whose states are live until then.
 *
 * @param outputs refused lines, as records of their topics
 */
export function* serializeCountStep(
  { partials, progress, isProgressNew, save }: CountStep,
  outputs: readonly TransactionRecord[],
  parts: StepParts,
): InSlices<SerializedStep> {
  const { state, manifest } = yield* serializeState(save, parts)
  const { partials: to } = parts.topics
  const records = [...state, ...outputs]
  const send = (partition: number, value: Uint8Array) =>
    records.push({ topic: to.topic, partition, key: null, value })
  for (const { partition, value } of writePartials(progress, progress.upTo, partials, parts.groups, to)) {
    send(partition, value)
    yield
  }
  if (isProgressNew) {
    // Behind the partials that it covers, in the log of each merger.
    const value = writeProgress(progress, parts.fields.configEpoch)
    for (let partition = 0; partition < to.partitions; partition++) send(partition, value)
  }
  return { records, manifest }
}

/**
 * The records of a merger's step: run it to its end before the next call of the merger.
 *
 * @param outputs results, as records of their topics
 */
export function* serializeMergeStep(
  { save }: MergeStep,
  outputs: readonly TransactionRecord[],
  parts: StepParts,
): InSlices<SerializedStep> {
  const { state, manifest } = yield* serializeState(save, parts)
  return { records: [...state, ...outputs], manifest }
}

function* serializeState(
  save: CountStep['save'] | MergeStep['save'],
  { owner, checkpoint, topics, groups, fields }: StepParts,
): InSlices<{ readonly state: TransactionRecord[]; readonly manifest: TransactionRecord }> {
  if (save === null) throw new Error('Expected a counter or merger made with durable: true')
  const { topic, partitions } = topics.checkpoint
  const partition = checkpointPartition(owner, partitions)
  const state: TransactionRecord[] = []
  for (const record of checkpoint.write(save, groups, fields)) {
    if (record !== undefined) state.push({ topic, partition, ...record })
    yield
  }
  return { state, manifest: state.pop()! }
}
