import type { Logger } from '@card/app-kit'
import { KafkaSource } from '@card/kafka-io'
import { kafkaClient, withKafka } from '../kafka/connection.js'
import type { OptionValues } from '../settings/option-table.js'
import type { Sample, SampledLine } from './sample.js'

/** The first records of topics from `--from` on, without joining a group. @throws ExitError (1 or 78) */
export function sampleTopics(values: OptionValues, most: Sample['limits'], log: Logger): Promise<Sample> {
  return withKafka(async () => {
    const source = await KafkaSource.open(kafkaClient(values, process.env, log), {
      topics: values.topic instanceof RegExp ? [values.topic] : values.topic!,
      from: values.from,
      until: 'end',
    })
    const partitions = new Map<string, number>()
    const lines: SampledLine[] = []
    let left = most.bytes
    try {
      for await (const event of source) {
        if (event.kind !== 'records') continue
        const name = `${event.topic}/${event.partition}`
        const partition = partitions.get(name) ?? partitions.size
        partitions.set(name, partition)
        const { rows, payload, valueStart, valueLength } = event.columns
        for (let row = 0; row < rows && lines.length < most.lines && left > 0; row++) {
          const length = valueLength[row]!
          const start = valueStart[row]!
          lines.push({
            partition,
            bytes: length < 0 ? new Uint8Array(0) : payload.slice(start, start + length),
          })
          left -= Math.max(0, length)
        }
        if (lines.length >= most.lines || left <= 0) break
      }
    } finally {
      await source.close()
    }
    return {
      limits: most,
      lines,
      sources: [...partitions.keys()].map((name) => ({ name, compression: null })),
    }
  })
}
