import { ExitCode, ExitError } from '@card/app-kit'
import type { FrameBatch } from '@card/counting'
import { type FrameReader, FramesError } from '@card/frames'
import type { KafkaSource, SectionsEvent, SourceEvent, TopicPartition } from '@card/kafka-io'
import type { CoreInput, EndsInput } from '../core/inputs.js'
import type { Shell } from '../shell.js'
import type { Inbox } from './inbox.js'
import type { PartitionTable } from './partition-table.js'
import type { RecordFeed } from './record-feed.js'

/** What topics are read with. */
export interface TopicReaderParts {
  readonly source: Pick<KafkaSource, 'status'>
  readonly inbox: Inbox<SourceEvent, EndsInput>
  readonly table: PartitionTable
  readonly reader: Pick<FrameReader, 'bytes'>
  readonly records: RecordFeed
  readonly shell: Shell
  /** Called with each batch of rows before it is counted. */
  readonly onBatch: (batch: FrameBatch) => void
}

/** Tells a worker core what a source of topics brings, in its words. */
export class TopicReader {
  readonly #parts: TopicReaderParts

  constructor(parts: TopicReaderParts) {
    this.#parts = parts
  }

  /** Reads until the source is done: at the end, or closed. @throws KafkaIoError, ExitError */
  async run(): Promise<void> {
    const { inbox, shell } = this.#parts
    try {
      for (;;) {
        const event = await inbox.next()
        if (event === null) return
        if (event === 'tick') await shell.run({ kind: 'tick', partitions: this.#partitions() })
        else if (event.kind === 'sections') await this.#count(event)
        else await shell.run(this.#inputOf(event))
        await shell.flush()
      }
    } finally {
      inbox.close()
    }
  }

  #inputOf(event: Exclude<SourceEvent, SectionsEvent> | EndsInput): CoreInput {
    const { table } = this.#parts
    switch (event.kind) {
      case 'ends':
        return event
      case 'assigned': {
        const partitions = event.partitions.map((each) => ({
          partition: table.of(each).name,
          position: each.position,
        }))
        return { kind: 'assigned', generation: event.generation, partitions }
      }
      case 'generation':
        return { kind: 'generation', generation: event.generation }
      case 'revoked':
        return { kind: 'revoked', partitions: event.partitions.map((each) => table.of(each).name) }
      case 'end': {
        const { name: partition } = table.of(event)
        const waitsForTransaction = this.#partitions().some(
          (each) => each.partition === partition && each.waitsForTransaction,
        )
        return { kind: 'partition-ended', partition, nextOffset: event.nextOffset, waitsForTransaction }
      }
      case 'gap': {
        const { kind, reason, from, to } = event
        return { kind, partition: table.of(event).name, reason, from, to }
      }
      case 'interrupted':
        return { kind: 'request-failed', reason: event.error.message }
      case 'records':
        throw new Error('Expected sections of records, found their columns')
    }
  }

  async #count({ sections, ...event }: SectionsEvent): Promise<void> {
    const { table, records, reader, shell, onBatch } = this.#parts
    const partition = table.of(event as TopicPartition)
    const { name } = partition
    shell.take({ kind: 'received', partition: name })
    try {
      await records.take(sections, (columns, areGroupIdsInUse) => {
        const batch = { columns, bytes: reader.bytes, source: name }
        onBatch(batch)
        shell.take({ kind: 'rows', partition: name, batch, areGroupIdsInUse })
      })
    } catch (error) {
      if (!(error instanceof FramesError)) throw error
      throw new ExitError(ExitCode.failed, [`${name}: ${error.message}`])
    }
    for (const { maxTimestamp } of sections) partition.timestamp = maxTimestamp
  }

  #partitions() {
    const { source, table } = this.#parts
    return source.status().map((status) => ({ ...status, partition: table.of(status).name }))
  }
}
