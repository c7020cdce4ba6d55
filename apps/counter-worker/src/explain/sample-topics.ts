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
        const { rows, payload, timestamp, keyStart, keyLength, valueStart, valueLength } = event.columns
        for (let row = 0; row < rows && lines.length < most.lines && left > 0; row++) {
          const value = part(payload, valueStart[row]!, valueLength[row]!)
          const key = part(payload, keyStart[row]!, keyLength[row]!)
          const bytes = value ?? new Uint8Array(0)
          lines.push({ partition, bytes, record: { key, timestamp: timestamp[row]! } })
          left -= bytes.length + (key?.length ?? 0)
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

/** A copy; null where the length says that there is none. */
function part(payload: Uint8Array, start: number, length: number): Uint8Array | null {
  return length < 0 ? null : payload.slice(start, start + length)
}
