import type { KafkaSource } from '@card/kafka-io'
import type { EndsInput } from '../core/inputs.js'
import type { SourceControl } from '../shell.js'
import type { Inbox } from './inbox.js'
import type { PartitionTable } from './partition-table.js'

/** What a core asks of a source of topics. */
export function sourceControl(
  source: Pick<KafkaSource, 'pause' | 'resume' | 'highWatermarks'>,
  table: PartitionTable,
  inbox: Pick<Inbox<unknown, EndsInput>, 'post' | 'fail'>,
): SourceControl {
  const named = (partitions: readonly string[]) => partitions.map((name) => table.named(name))
  return {
    pause: (partitions) => source.pause(named(partitions)),
    resume: (partitions) => source.resume(named(partitions)),
    askEnds({ id, partitions }) {
      const began = performance.now()
      source.highWatermarks(named(partitions)).then(
        (found) => {
          const ends = new Map(found.map((end) => [table.of(end).name, end.highWatermark]))
          inbox.post({ kind: 'ends', id, elapsed: performance.now() - began, ends })
        },
        (error) => inbox.fail(error),
      )
    },
    fieldsOf(name) {
      const { topic, partition } = table.named(name)
      return { topic, partition }
    },
  }
}
