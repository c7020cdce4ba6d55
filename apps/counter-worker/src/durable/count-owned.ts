import { ExitCode, ExitError, Failures } from '@card/app-kit'
import { CountingError } from '@card/counting'
import { type KafkaClient, KafkaSource, KafkaTransactions, type SourceEvent } from '@card/kafka-io'
import { RunWatch } from '../advice/watch-run.js'
import { DurableCore } from '../core/durable/durable-core.js'
import type { DurableInput } from '../core/durable/inputs.js'
import { resultOf } from '../counting/result-of.js'
import { RunFigures } from '../counting/run-figures.js'
import { StepWriter, wantedLines } from '../counting/step-writer.js'
import { endOwned } from '../end-run.js'
import { kafkaClient, withKafka } from '../kafka/connection.js'
import { Inbox } from '../kafka/inbox.js'
import { PartitionTable } from '../kafka/partition-table.js'
import { PlainRecords } from '../kafka/record-feed.js'
import { outputsTo, prepareOutputs } from '../kafka/topic-outputs.js'
import { warnOfFullBitmap } from '../output/full-bitmap.js'
import { Outputs } from '../output/outputs.js'
import type { PreparedRun } from '../prepared-run.js'
import { countingSetup } from '../settings/counting-options.js'
import { groupOf, stateName } from '../settings/state.js'
import { CheckpointStore } from '../state/checkpoint-store.js'
import { countedBy } from '../state/counted-by.js'
import { prepareStateTopics, type StateTopics } from '../state/state-topics.js'
import { StepOutputs } from '../state/step-outputs.js'
import { ScanThreads } from '../threads/scan-threads.js'
import { ThreadedRecords } from '../threads/threaded-records.js'
import { DurableShell } from './durable-shell.js'
import { KafkaOwners } from './kafka-owners.js'
import { ownedFigures } from './owned-figures.js'
import { OwnedOutputs } from './owned-outputs.js'
import { OwnedReader } from './owned-reader.js'
import { OwnedSums } from './owned-sums.js'
import { OwnerPartitions } from './owner-partitions.js'
import { purgePartials } from './purge-partials.js'
import { WaitingStarts } from './waiting-starts.js'

/** What a run has when it is connected. */
interface Connected {
  readonly client: KafkaClient
  readonly transactions: KafkaTransactions
  readonly topics: StateTopics
  /** Records for output topics, to be written with the step that they belong to. */
  readonly records: StepOutputs
  readonly toTopics: ReturnType<typeof outputsTo>
}

/**
 * Counts topics with durable state, together with the other workers of its name, until asked to stop, or with
 * `--until end` to their ends.
 *
 * @throws ExitError (1 or 78) where Kafka cannot be used, the state not be gone on with, or an output not written
 */
export async function countOwned(run: PreparedRun): Promise<ExitCode> {
  const { values, log } = run
  return withState(async () => {
    const client = kafkaClient(values, process.env, log)
    const state = { name: stateName(values)!, replicas: values['state-replication'] ?? -1 }
    const topics = await prepareStateTopics(client, state, (message) => log.warn(message))
    const descriptions = await prepareOutputs(client, values, log)
    const partitions = new Map(Array.from(descriptions, ([topic, each]) => [topic, each!.partitions]))
    const records = new StepOutputs(partitions)
    const transactions = await KafkaTransactions.open(client)
    try {
      const toTopics = outputsTo(records, values, descriptions)
      return await countWith(run, { client, transactions, topics, records, toTopics })
    } finally {
      await transactions.close()
    }
  })
}

async function countWith(run: PreparedRun, connected: Connected): Promise<ExitCode> {
  const { values, stop, log, service, notices, files, reader } = run
  const { client, transactions, topics, records, toTopics } = connected
  const { groups } = reader
  const name = stateName(values)!
  const group = groupOf(values)!
  const setup = countingSetup(values)
  const counting = { ...setup.counting, durable: true }
  const table = new PartitionTable()
  const partitions = new OwnerPartitions(topics.partials.topic)
  const outputs = new Outputs(values, stop, {
    files,
    topics: { ...unwritten, ...toTopics, results: null },
    onFinal: service?.onFinal ?? null,
  })
  const watch = new RunWatch(values, { rejected: notices.rejected, warning: notices.warn })
  const output = watch.watching(warnOfFullBitmap(outputs.counting, values, notices))
  const writer = new StepWriter(output)
  const owned = new OwnedOutputs({
    records,
    writer,
    toTopic: toTopics.results,
    committed: toTopics.results === null || values.print ? (result) => output.result(resultOf(result)) : null,
  })
  const core = new DurableCore(
    { ...setup.core, checkpointInterval: values['checkpoint-interval']! },
    { counting, groups, wanted: wantedLines(output) },
    performance.now(),
  )
  const starts = new WaitingStarts((input) => inbox.post(input))
  const source = await KafkaSource.open(client, {
    topics: [...(values.topic instanceof RegExp ? [values.topic] : values.topic!), topics.partials.topic],
    group,
    from: values.from,
    records: 'sections',
    sessionTimeout: values['session-timeout'],
    startAt: (partition, takeOver) => starts.wait(partitions.nameOf(partition), takeOver),
    ...(values.until !== null && { until: values.until, endless: [topics.partials.topic] }),
  })
  const inbox = new Inbox<SourceEvent, DurableInput>(source, core.tickPeriod)
  const feedParts = { reader, outputs, onBatch: (seconds: number) => service?.onBatch(seconds) }
  const feed =
    reader.blocks === null
      ? new PlainRecords(feedParts)
      : new ThreadedRecords(feedParts, new ScanThreads(reader.blocks, values.threads))
  const owners = new KafkaOwners({
    ...{ name, group, source, transactions, topics, partitions, groups, outputs: owned },
    store: new CheckpointStore({ transactions, topic: topics.checkpoint, counter: counting.counter, groups }),
    configuration: countedBy(values, counting),
    from: String(values.from),
    flushFiles: () => outputs.flush(),
    post: (input) => inbox.post(input),
    fail: (error) => inbox.fail(error),
  })
  const ownedReader = new OwnedReader({
    ...{ table, reader, records: feed, groups },
    take: (input) => shell.take(input),
    onBatch: (batch) => watch.look(batch, groups),
  })
  const shell: DurableShell = new DurableShell({
    ...{ core, source, inbox, owners, partitions, reader: ownedReader, starts, log },
    flush: () => outputs.flush(),
    purge: (offsets) => purgePartials(client, topics.partials.topic, offsets),
  })
  const sums = new OwnedSums(core.owners)
  const { lateAction } = outputs.counting
  const figures = new RunFigures(sums, writer, lateAction)
  // A counter that restarts elsewhere must not seem to be counted again: metrics and advice are of this run alone.
  const work = new RunFigures(sums.work, writer, lateAction)
  service?.opened(
    { reader, counted: work, outputs },
    () => ownedFigures(core.owners, source, partitions, table),
    () => watch.whyNothingCounts,
  )
  stop.signal.addEventListener('abort', () => inbox.post({ kind: 'stop' }), { once: true })
  if (stop.reason !== null) inbox.post({ kind: 'stop' })
  const failures = new Failures()
  watch.start(reader, work)
  await failures.of(() => withState(() => shell.run()))
  const told = { ...sums.input, ...figures.sums }
  await feed.close()
  await source.close().catch(() => {})
  return endOwned({ ...run, outputs, watch }, told, failures)
}

/** Does work with Kafka and the state in it. @throws ExitError (1 or 78) */
async function withState<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await withKafka(work)
  } catch (error) {
    if (!(error instanceof CountingError)) throw error
    const code = error.code === 'corrupt-state' ? ExitCode.failed : ExitCode.configuration
    throw new ExitError(code, [error.message], { cause: error })
  }
}

/** Of outputs whose records are written with the step that they belong to. */
const unwritten = {
  failures: () => 0,
  windows: () => 0,
  flush: async () => {},
  abandon() {},
  close: async () => {},
}
