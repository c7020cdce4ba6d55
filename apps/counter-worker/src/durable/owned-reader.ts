import { ExitCode, ExitError } from '@card/app-kit'
import type { FrameBatch, Groups, InputSums } from '@card/counting'
import { type FrameReader, FramesError } from '@card/frames'
import { type SectionsEvent, sectionRecords, type TopicPartition } from '@card/kafka-io'
import type { DurableInput, PartialsInput } from '../core/durable/inputs.js'
import type { PartitionTable } from '../kafka/partition-table.js'
import type { RecordFeed } from '../kafka/record-feed.js'
import { readPartialsRecords } from '../state/partials-records.js'

/** What owned partitions are read with. */
export interface OwnedReaderParts {
  readonly table: PartitionTable
  readonly reader: FrameReader
  readonly records: RecordFeed
  readonly groups: Groups
  /** Takes inputs that ask for nothing that has to be waited for. */
  readonly take: (input: DurableInput) => void
  /** Called with each batch of rows before it is counted. */
  readonly onBatch: (batch: FrameBatch) => void
}

/** Reads the records of events: frames of input partitions, partials of mergers. */
export class OwnedReader {
  readonly #parts: OwnedReaderParts

  constructor(parts: OwnedReaderParts) {
    this.#parts = parts
  }

  /**
   * Counts the rows of an event of an input partition.
   *
   * @returns what is to be told when they are counted
   * @throws ExitError (1) for a damaged record
   */
  async frames(event: SectionsEvent, owner: string): Promise<DurableInput> {
    const { table, records, reader, take, onBatch } = this.#parts
    const partition = table.of(event as TopicPartition)
    const source = partition.name
    const before = sumsOf(reader)
    take({ kind: 'received', owner })
    try {
      await records.take(event.sections, (columns, areGroupIdsInUse) => {
        const batch = { columns, bytes: reader.bytes, source }
        onBatch(batch)
        take({ kind: 'rows', owner, batch, areGroupIdsInUse })
      })
    } catch (error) {
      if (!(error instanceof FramesError)) throw error
      throw new ExitError(ExitCode.failed, [`${source}: ${error.message}`])
    }
    for (const { maxTimestamp } of event.sections) partition.timestamp = maxTimestamp
    return { kind: 'counted', owner, next: event.nextOffset, input: difference(sumsOf(reader), before) }
  }

  /** What the records of an event of the partials log say: valid until the next event is asked for. */
  partials({ sections, nextOffset: next }: SectionsEvent, owner: string): PartialsInput {
    const { groups } = this.#parts
    function* entries(): PartialsInput['entries'] & Generator {
      for (const section of sections) yield* readPartialsRecords(sectionRecords(section), groups)
    }
    return { kind: 'partials', owner, entries: entries() as PartialsInput['entries'], next }
  }
}

function sumsOf({ lines, blank, totalBytes: bytes, fallbacks }: FrameReader): InputSums {
  return { lines, bytes, blank, fallbacks }
}

function difference(after: InputSums, before: InputSums): InputSums {
  return {
    lines: after.lines - before.lines,
    bytes: after.bytes - before.bytes,
    blank: after.blank - before.blank,
    fallbacks: after.fallbacks - before.fallbacks,
  }
}
