import type { KafkaSink, SinkRecord } from '@card/kafka-io'
import { LineCutter } from '../input/lines.js'
import type { TopicTarget } from '../options/topic-target.js'
import type { Sink } from '../output/sink.js'
import { FrameRecords } from './frame-records.js'

/** A topic as the sink of whole lines: each becomes a record, blank ones none. */
export function topicSink(sink: KafkaSink, target: TopicTarget, maxLine: number): Sink {
  const { keyed, topic, batchSize } = target
  const frames = new FrameRecords({ keyed, key: 'uid', time: 'ts', timeUnit: 'auto', maxLine })
  return {
    writeSize: batchSize,
    async write(bytes) {
      const records: SinkRecord[] = []
      for (const line of new LineCutter('the generated frames').cut(bytes)) {
        const record = frames.of(line)
        if (record !== null) records.push(record)
      }
      await sink.send(topic, records)
    },
    close: () => sink.close(),
  }
}
