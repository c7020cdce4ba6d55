import { type ExitCode, Failures, type Logger, type Stop } from '@card/app-kit'
import { type KafkaClient, KafkaSource, KafkaTransactions, type SourceEvent } from '@card/kafka-io'
import { RunWatch } from './advice/watch-run.js'
import { DurableCore } from './core/durable/durable-core.js'
import type { DurableInput } from './core/durable/inputs.js'
import { resultOf } from './counting/result-of.js'
import { RunFigures } from './counting/run-figures.js'
import { StepWriter, wantedLines } from './counting/step-writer.js'
import { DurableShell } from './durable/durable-shell.js'
import { KafkaOwners } from './durable/kafka-owners.js'
import { OwnedOutputs } from './durable/owned-outputs.js'
import { OwnedReader, WaitingStarts } from './durable/owned-source.js'
import { OwnedSums } from './durable/owned-sums.js'
import { OwnerPartitions } from './durable/owner-partitions.js'
import { endOwned } from './end-run.js'
import type { Service } from './http/start-service.js'
import { kafkaClient, withKafka } from './kafka/connection.js'
import { Inbox } from './kafka/inbox.js'
import { PartitionTable } from './kafka/partition-table.js'
import { PlainRecords } from './kafka/record-feed.js'
import { outputsTo, prepareOutputs } from './kafka/topic-outputs.js'
import type { Notices } from './output/notices.js'
import type { OutputFiles } from './output/output-files.js'
import { Outputs } from './output/outputs.js'
import { countingSetup } from './settings/counting-options.js'
import type { OptionValues } from './settings/option-table.js'
import { CheckpointStore } from './state/checkpoint-store.js'
import { countedBy } from './state/counted-by.js'
import { prepareStateTopics, type StateTopics } from './state/state-topics.js'
import { StepOutputs } from './state/step-outputs.js'
import type { openReader } from './threads/open-reader.js'
import { ScanThreads } from './threads/scan-threads.js'
import { ThreadedRecords } from './threads/threaded-records.js'

/** What a run has before a broker is asked. */
export interface OwnedRun {
  readonly values: OptionValues
  readonly stop: Stop
  readonly log: Logger
  readonly service: Service | null
  readonly notices: Notices
  readonly began: number
  readonly files: OutputFiles
  readonly reader: ReturnType<typeof openReader>
}

/**
 * Counts topics with durable state, together with the other workers of its name, until asked to stop, or with
 * `--until end` to their ends.
 *
 * @throws ExitError (1 or 78) where Kafka cannot be used, or an output not written
 */
export async function countOwned(run: OwnedRun): Promise<ExitCode> {
  return withKafka(async () => {
    const client = kafkaClient(run.values, process.env, run.log)
    const { values, log } = run
    const name = values.state!
    const replicas = values['state-replication'] ?? -1
    const topics = await prepareStateTopics(client, { name, replicas }, (message) => log.warn(message))
    const descriptions = await prepareOutputs(client, values, log)
    const transactions = await KafkaTransactions.open(client)
    try {
      const partitions = new Map(Array.from(descriptions, ([topic, each]) => [topic, each!.partitions]))
      const records = new StepOutputs(partitions)
      return await countWith(
        run,
        client,
        transactions,
        topics,
        records,
        outputsTo(records, values, descriptions),
      )
    } finally {
      await transactions.close()
    }
  })
}

async function countWith(
  run: OwnedRun,
  client: KafkaClient,
  transactions: KafkaTransactions,
  topics: StateTopics,
  records: StepOutputs,
  toTopics: ReturnType<typeof outputsTo>,
): Promise<ExitCode> {
  const { values, stop, log, service, notices, files, reader } = run
  const name = values.state!
  const group = values.group ?? name
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
  const output = watch.watching(outputs.counting)
  const writer = new StepWriter(output)
  const isPrinted = toTopics.results === null || values.print
  const owned = new OwnedOutputs({
    records,
    writer,
    toTopic: toTopics.results,
    committed: !isPrinted
      ? null
      : (results) => {
          for (const result of results) output.result(resultOf(result))
        },
  })
  const core = new DurableCore(
    { ...setup.core, checkpointInterval: values['checkpoint-interval'] },
    { counting, groups: reader.groups, wanted: wantedLines(output) },
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
    ...{ name, group, source, transactions, topics, partitions, groups: reader.groups, outputs: owned },
    store: new CheckpointStore({
      transactions,
      topic: topics.checkpoint,
      counter: counting.counter,
      groups: reader.groups,
    }),
    configuration: countedBy(values, counting),
    from: String(values.from),
    flushFiles: () => outputs.flush(),
    post: (input) => inbox.post(input),
    fail: (error) => inbox.fail(error),
  })
  const ownedReader = new OwnedReader({
    ...{ partitions, table, reader, records: feed, groups: reader.groups },
    take: (input) => shell.take(input),
    onBatch: watch.look.bind(watch),
  })
  const shell: DurableShell = new DurableShell({
    ...{ core, source, inbox, owners, partitions, reader: ownedReader, starts, log },
    flush: () => outputs.flush(),
    purge: (partition, offset) =>
      client.admin((admin) =>
        admin.deleteTopicRecords({
          topic: topics.partials.topic,
          partitions: [{ partition, offset: String(offset) }],
        }),
      ),
  })
  const sums = new OwnedSums(core.owners)
  const figures = new RunFigures(sums, writer, outputs.counting.lateAction)
  service?.opened(
    { reader, counted: figures, outputs },
    () => ({
      partitions: [],
      group: { assigned: core.owners.counters.length, rebalances: 0 },
      waiting: core.owners.size === 0 ? 'waiting for partitions' : null,
    }),
    () => watch.whyNothingCounts,
  )
  stop.signal.addEventListener('abort', () => inbox.post({ kind: 'stop' }), { once: true })
  if (stop.reason !== null) inbox.post({ kind: 'stop' })
  const failures = new Failures()
  watch.start(reader, figures)
  await failures.of(() => shell.run())
  // What is still known of the owners is what the sums tell.
  const { input } = sums
  const counted = figures.sums
  await feed.close()
  await source.close().catch(() => {})
  return endOwned({ ...run, outputs, watch }, { ...input, ...counted }, failures)
}

/** Of outputs whose records are written with the step that they belong to. */
const unwritten = {
  failures: () => 0,
  windows: () => 0,
  flush: async () => {},
  abandon() {},
  close: async () => {},
}
