import { ExitCode, Failures, type Logger, type Stop } from '@card/app-kit'
import { KafkaSource, type SourceEvent } from '@card/kafka-io'
import { RunWatch } from './advice/watch-run.js'
import type { EndsInput } from './core/inputs.js'
import { openCounting } from './counting/open-counting.js'
import { endRun } from './end-run.js'
import { type Service, startService } from './http/start-service.js'
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
import { Outputs } from './output/outputs.js'
import { startProgress } from './output/progress.js'
import { countingSetup } from './settings/counting-options.js'
import type { Settings } from './settings/settings.js'
import { Shell } from './shell.js'
import { openReader } from './threads/open-reader.js'
import { ScanThreads } from './threads/scan-threads.js'
import { ThreadedRecords } from './threads/threaded-records.js'

/**
 * Counts topics until asked to stop, or with `--until end` to their ends.
 *
 * @throws ExitError (1 or 78) where Kafka cannot be used, or an output not written
 */
export async function countTopics(settings: Settings, stop: Stop, log: Logger): Promise<ExitCode> {
  // Before a broker is asked: whoever watches the worker sees that it lives, and what it waits for.
  const service = await startService(settings.values.http, log)
  try {
    // Until everything is open there is nothing to end in order: a stop need not wait for brokers that are silent.
    const stopped = new Promise<ExitCode>((resolve) => {
      stop.signal.addEventListener('abort', () => resolve(ExitCode.done), { once: true })
    })
    const opening = withKafka(() => openRun(settings, stop, log, service))
    opening.catch(() => {})
    const run = await Promise.race([opening, stopped])
    return typeof run === 'number' ? run : await run()
  } finally {
    await service?.close()
  }
}

/** Opens inputs and outputs. @returns the run itself */
async function openRun(
  { values }: Settings,
  stop: Stop,
  log: Logger,
  service: Service | null,
): Promise<() => Promise<ExitCode>> {
  const began = performance.now()
  const notices = logNotices(log)
  const table = new PartitionTable()
  const client = kafkaClient(values, process.env, log)
  const source = await KafkaSource.open(client, {
    topics: values.topic instanceof RegExp ? [values.topic] : values.topic!,
    from: values.from,
    records: 'sections',
    ...(values.group !== null && { group: values.group }),
    ...(values.until !== null && { until: values.until }),
  })
  const topics = await openTopicOutputs(client, values, log)
  const outputs = Outputs.open(values, stop, topics, service?.onFinal)
  const reader = openReader(values, log)
  const watch = new RunWatch(values, {
    rejected: notices.rejected,
    warning: notices.warn,
  })
  const output = watch.watching(warnOfFullBitmap(outputs.counting, values, notices))
  const { core, writer, figures } = openCounting(
    countingSetup(values),
    reader.groups,
    output,
    performance.now(),
  )
  const feedParts = { reader, outputs, onBatch: (seconds: number) => service?.onBatch(seconds) }
  const records =
    reader.blocks === null
      ? new PlainRecords(feedParts)
      : new ThreadedRecords(feedParts, new ScanThreads(reader.blocks, values.threads))
  const inbox = new Inbox<SourceEvent, EndsInput>(source, core.tickPeriod)
  const control = sourceControl(source, table, inbox)
  const shell = new Shell({ core, writer, outputs, log, source: control })
  const onBatch = watch.look.bind(watch)
  const reading = new TopicReader({ source, inbox, table, reader, records, shell, onBatch })
  service?.opened({ reader, counted: figures, outputs }, () => topicFigures(table, source, core))

  return async () => {
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
}
