import { printText, Stop } from '@card/app-kit'
import { KafkaSource, topicOffsets } from '@card/kafka-io'
import { clientOf } from '../kafka/open-topic.js'
import type { CountOptions } from '../options/count-options.js'
import { showProgress } from '../output/progress.js'
import { stoppedWhileAsking } from '../output/stalled.js'

/**
 * Runs `producer count`: prints the number of a topic's records.
 *
 * @returns the exit code: 0 done, 130 or 143 after a signal
 * @throws KafkaIoError
 */
export async function count(options: CountOptions): Promise<number> {
  const stop = new Stop()
  stop.listen(stoppedWhileAsking)
  try {
    const records = options.exact ? await countByReading(options, stop.signal) : await countByOffsets(options)
    if (stop.exitCode !== null) return stop.exitCode
    printText(`${records}\n`)
    if (!options.exact) process.stderr.write(`by offsets: ${estimateNote}\n`)
    return 0
  } finally {
    stop.release()
  }
}

/** What an estimate by offsets is worth. */
const estimateNote =
  'too high if the topic is compacted or written in transactions (--exact counts the records)'

async function countByOffsets(options: CountOptions): Promise<number> {
  const partitions = await topicOffsets(clientOf(options), options.topic)
  return partitions.reduce((sum, { low, high }) => sum + high - low, 0)
}

async function countByReading(options: CountOptions, signal: AbortSignal): Promise<number> {
  const client = clientOf(options)
  const { topic } = options
  const ends = await topicOffsets(client, topic)
  const total = ends.reduce((sum, { low, high }) => sum + high - low, 0)
  const progress = showProgress('reading', total)
  const source = await KafkaSource.open(client, { topics: [topic], from: 'earliest', until: 'end' })
  const stop = () => void source.close()
  signal.addEventListener('abort', stop, { once: true })
  let records = 0
  try {
    if (signal.aborted) stop()
    for await (const event of source) {
      if (event.kind !== 'records') continue
      records += event.columns.rows
      progress.update(records, records)
    }
  } finally {
    signal.removeEventListener('abort', stop)
    progress.stop()
    await source.close()
  }
  return records
}
