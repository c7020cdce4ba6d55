import type { CheckpointRecord } from '../../src/index.js'
import { ByteReader, ByteWriter } from '../../src/saved/bytes.js'

/** Records of a topic in one file: key and value, each with its length before it. */
export function packRecords(records: readonly CheckpointRecord[]): Uint8Array {
  const writer = new ByteWriter()
  for (const { key, value } of records) {
    writer.blob(key)
    writer.blob(value!)
  }
  return writer.take()
}

export function unpackRecords(bytes: Uint8Array): CheckpointRecord[] {
  const reader = new ByteReader(bytes)
  const records: CheckpointRecord[] = []
  while (reader.left > 0) records.push({ key: reader.blob(), value: reader.blob() })
  return records
}
