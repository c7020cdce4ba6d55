import { setTimeout as pause } from 'node:timers/promises'
import { FrameReader } from '@card/frames'
import { KafkaSource } from '@card/kafka-io'
import { CountingCore } from './counting/counting-core.js'
import { ExitCode } from './exit.js'
import { startService } from './http/start-service.js'
import { kafkaClient, withKafka } from './kafka/connection.js'
import { PartitionTable } from './kafka/partition-table.js'
import { topicFigures } from './kafka/topic-figures.js'
import { TopicInput } from './kafka/topic-input.js'
import { openTopicOutputs } from './kafka/topic-outputs.js'
import type { Logger } from './log.js'
import { Outputs } from './output/outputs.js'
import { startProgress } from './output/progress.js'
import { writeSummary } from './output/summary.js'
import { report, summarize } from './run-report.js'
import { countingOptions, frameOptions } from './settings/counting-options.js'
import type { OptionValues } from './settings/option-table.js'
import type { Settings } from './settings/settings.js'
import type { Stop } from './stop.js'

/**
 * Counts topics until asked to stop, or with `--until end` to their ends.
 *
 * @throws ExitError (1 or 78) where Kafka cannot be used, or an output not written
 */
export async function countTopics(settings: Settings, stop: Stop, log: Logger): Promise<ExitCode> {
  // Until everything is open there is nothing to end in order: a stop need not wait for brokers that are silent.
  const stopped = new Promise<ExitCode>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve(ExitCode.done), { once: true })
  })
  const opening = withKafka(() => openRun(settings, stop, log))
  opening.catch(() => {})
  const run = await Promise.race([opening, stopped])
  return typeof run === 'number' ? run : withKafka(run)
}

/** A member that left without a word is waited for by its group; ms. */
const leavingTime = 5000

/** Opens inputs and outputs. @returns the run itself */
async function openRun({ values }: Settings, stop: Stop, log: Logger): Promise<() => Promise<ExitCode>> {
  const began = performance.now()
  const table = new PartitionTable()
  let input: TopicInput | null = null
  const client = kafkaClient(values, process.env, log, () => input?.trouble())
  const source = await KafkaSource.open(client, {
    topics: values.topic instanceof RegExp ? [values.topic] : values.topic!,
    from: values.from,
    records: 'sections',
    ...(values.group !== null && { group: values.group }),
    ...(values.until !== null && { until: values.until }),
  })
  const topics = await openTopicOutputs(client, values, log)
  const outputs = await Outputs.open(values, stop, topics)
  const reader = new FrameReader(frameOptions(values))
  if (!reader.scanning)
    log.warn('this engine has no WebAssembly SIMD: JSON.parse reads every line, several times slower')
  const options = countingOptions(values)
  const core = new CountingCore(options, reader, outputs.counting)
  const service = await startService(values.http, log, { reader, core, outputs }, () =>
    topicFigures(table, source, input?.rebalances ?? 0),
  )
  input = new TopicInput(inputOptions(values, options.maxAhead, service?.onBatch ?? null), {
    client,
    source,
    table,
    reader,
    core,
    outputs,
    log,
  })
  const reading = input

  return async () => {
    const progress = startProgress(['-'])
    const showing = setInterval(() => progress.update(reader.totalBytes, reader.lines), 200)
    let leaving: Promise<void> = Promise.resolve()
    const leave = () => {
      leaving = source.close().catch(() => {})
    }
    stop.signal.addEventListener('abort', leave, { once: true })
    if (stop.reason !== null) leave()
    try {
      await reading.run()
      // The group gives a member's partitions on when it has said that it leaves; brokers that are away hear nothing.
      await Promise.race([leaving, pause(leavingTime)])
    } finally {
      clearInterval(showing)
      progress.stop()
      await service?.close()
    }
    const unfinished = stop.reason === null ? 0 : core.unfinished
    if (stop.reason === null) core.flush()
    else outputs.abandonHeld()
    await outputs.close()
    const summary = summarize(reader, core, unfinished)
    if (values.summary !== null) writeSummary(values.summary, summary)
    if (stop.reason !== 'closed-output') report(summary, (performance.now() - began) / 1000)
    return ExitCode.done
  }
}

function inputOptions(values: OptionValues, maxAhead: number, onBatch: ((seconds: number) => void) | null) {
  const never = Number.POSITIVE_INFINITY
  return {
    outOfOrder: values['out-of-order'],
    maxAhead,
    // A partition that will be read to a given end and no further is idle at no time before.
    idleTimeout: values.until === null ? (values['idle-timeout'] ?? never) : never,
    early: values.early ?? never,
    onBatch,
  }
}
