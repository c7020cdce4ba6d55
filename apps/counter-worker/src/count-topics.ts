import { ExitCode, ExitError, Failures, type Logger, quantity, type Stop } from '@card/app-kit'
import type { FrameBatch } from '@card/counting'
import { type KafkaClient, KafkaSource, type SourceEvent } from '@card/kafka-io'
import { RunWatch } from './advice/watch-run.js'
import type { EndsInput } from './core/inputs.js'
import { openCounting } from './counting/open-counting.js'
import { countOwned } from './durable/count-owned.js'
import { endRun, endUnread } from './end-run.js'
import { startService } from './http/start-service.js'
import { areBrokersGone, kafkaClient, withKafka } from './kafka/connection.js'
import { Inbox } from './kafka/inbox.js'
import { PartitionTable } from './kafka/partition-table.js'
import { PlainRecords } from './kafka/record-feed.js'
import { sourceControl } from './kafka/source-control.js'
import { topicFigures } from './kafka/topic-figures.js'
import { openTopicOutputs } from './kafka/topic-outputs.js'
import { TopicReader } from './kafka/topic-reader.js'
import { warnOfFullBitmap } from './output/full-bitmap.js'
import { logNotices } from './output/notices.js'
import { openOutputFiles } from './output/output-files.js'
import { Outputs, type TopicOutputs } from './output/outputs.js'
import { startProgress } from './output/progress.js'
import type { PreparedRun } from './prepared-run.js'
import { countingSetup } from './settings/counting-options.js'
import type { Settings } from './settings/settings.js'
import { stateName } from './settings/state.js'
import { Shell } from './shell.js'
import { openReader } from './threads/open-reader.js'
import { ScanThreads } from './threads/scan-threads.js'
import { ThreadedRecords } from './threads/threaded-records.js'

/**
 * Counts topics until asked to stop, or with `--until end` to their ends.
 *
 * @throws ExitError (1 or 78) where Kafka cannot be used, or an output not written
 */
export async function countTopics({ values }: Settings, stop: Stop, log: Logger): Promise<ExitCode> {
  const began = performance.now()
  // Before a broker is asked: whoever watches the worker sees that it lives, and what it waits for.
  const service = await startService(values.http, log)
  try {
    // What needs no broker fails at once, not after half a minute of waiting for one.
    const files = openOutputFiles(values)
    const reader = openReader(values, log)
    const run = { values, stop, log, service, notices: logNotices(log, 'record'), began, files, reader }
    if (stateName(values) !== null) return await countOwned(run)
    const failures = new Failures()
    const kafka = await openKafka(run).catch((error) => {
      if (!areBrokersGone(error)) throw error
      failures.add(error)
      return null
    })
    return kafka === null ? await endUnread(run, failures) : await countRecords(run, kafka)
  } finally {
    await service?.close()
  }
}

/** What a run reads from, and the topics it writes to. */
interface OpenKafka {
  readonly source: KafkaSource
  readonly topics: TopicOutputs | null
}

/** Opens input and output topics. @returns null: asked to stop before that, for a stop need not wait for brokers that are silent */
async function openKafka({ values, stop, log }: PreparedRun): Promise<OpenKafka | null> {
  const opening = withKafka(async () => {
    const client = kafkaClient(values, process.env, log)
    if (values.group !== null) await refuseMembers(client, values.group)
    const source = await KafkaSource.open(client, {
      topics: values.topic instanceof RegExp ? [values.topic] : values.topic!,
      from: values.from,
      records: 'sections',
      ...(values.group !== null && { group: values.group, sessionTimeout: values['session-timeout'] }),
      ...(values.until !== null && { until: values.until }),
    })
    const topics = await openTopicOutputs(client, values, log)
    if (values.group === null)
      log.info('no --group or --state: every partition is read from --from, and nothing is kept')
    return { source, topics }
  })
  opening.catch(() => {})
  const stopped = new Promise<null>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve(null), { once: true })
  })
  return Promise.race([opening, stopped])
}

/** Without state each member of a group would publish its own part of a window as all of it. @throws ExitError (78) */
async function refuseMembers(client: KafkaClient, group: string): Promise<void> {
  const { groups } = await client.admin((admin) => admin.describeGroups([group]))
  const members = groups.reduce((sum, { members }) => sum + members.length, 0)
  if (members === 0) return
  throw new ExitError(ExitCode.configuration, [
    `the group ${group} has ${quantity(members, 'member')}, and without state (--checkpoint-interval off) no one can share its partitions: stop them, name another --group, or keep the state`,
  ])
}

/** Counts until the source is done or the run is stopped, then ends the run. */
async function countRecords(run: PreparedRun, { source, topics }: OpenKafka): Promise<ExitCode> {
  const { values, stop, log, service, notices, began, files, reader } = run
  const table = new PartitionTable()
  const outputs = new Outputs(values, stop, { files, topics, onFinal: service?.onFinal })
  const watch = new RunWatch(values, {
    rejected: notices.rejected,
    warning: notices.warn,
  })
  const output = watch.watching(warnOfFullBitmap(outputs.counting, values, notices))
  const setup = countingSetup(values)
  const { core, writer, figures } = openCounting(setup, reader.groups, output, performance.now())
  const feedParts = { reader, outputs, onBatch: (seconds: number) => service?.onBatch(seconds) }
  const records =
    reader.blocks === null
      ? new PlainRecords(feedParts)
      : new ThreadedRecords(feedParts, new ScanThreads(reader.blocks, values.threads))
  const inbox = new Inbox<SourceEvent, EndsInput>(source, core.tickPeriod)
  const control = sourceControl(source, table, inbox)
  const shell = new Shell({ core, writer, outputs, log, source: control })
  const onBatch = (batch: FrameBatch) => watch.look(batch, reader.groups)
  const reading = new TopicReader({ source, inbox, table, reader, records, shell, onBatch })
  service?.opened(
    { reader, counted: figures, outputs },
    () => topicFigures(table, source, core),
    () => watch.whyNothingCounts,
  )

  const progress = startProgress(['-'])
  const showing = setInterval(() => progress.update(reader.totalBytes, reader.lines), 200)
  let leaving: Promise<void> = Promise.resolve()
  const leave = () => {
    leaving = source.close().catch(() => {})
  }
  stop.signal.addEventListener('abort', leave, { once: true })
  if (stop.reason !== null) leave()
  const failures = new Failures()
  watch.start(reader, figures)
  try {
    await withKafka(() => reading.run())
  } catch (error) {
    failures.add(error)
    if (areBrokersGone(error)) outputs.abandonTopics()
    else leave()
  } finally {
    await records.close()
    clearInterval(showing)
    progress.stop()
  }
  // The group gives a member's partitions on when it has said that it leaves.
  await leaving
  return endRun({ values, stop, reader, shell, figures, outputs, watch, notices, began }, failures)
}
