import { type BatchRecord, encodeRecord } from '@card/testing'
import type { FrameRecords } from '../src/index.js'

/** Its time is that of the batch, its offset the next one, unless it says otherwise. */
export type PlainRecord = Pick<BatchRecord, 'value'> & Partial<BatchRecord>

export const baseOffset = 5e12
export const baseTimestamp = 1468244384000

/** The records of a batch. */
export function encodeRecords(
  records: readonly PlainRecord[],
  fields: Partial<FrameRecords> = {},
): FrameRecords {
  const bytes = Buffer.concat(
    records.map((record, i) =>
      encodeRecord({ key: null, headers: [], timeDelta: 0, offsetDelta: i, ...record }),
    ),
  )
  return {
    bytes,
    start: 0,
    end: bytes.length,
    count: records.length,
    baseOffset,
    lastOffset: baseOffset + Math.max(0, ...records.map((record, i) => record.offsetDelta ?? i)),
    baseTimestamp,
    maxTimestamp: baseTimestamp + Math.max(0, ...records.map(({ timeDelta }) => timeDelta ?? 0)),
    brokerTime: false,
    fromOffset: 0,
    toOffset: Number.POSITIVE_INFINITY,
    ...fields,
  }
}
