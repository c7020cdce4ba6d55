import type { FrameRecords } from '../src/index.js'

export interface PlainRecord {
  readonly value: Uint8Array | null
  readonly key?: Uint8Array | null
  readonly headers?: readonly (readonly [Uint8Array, Uint8Array | null])[]
  /** Added to the batch's base; may be negative. */
  readonly timeDelta?: number
  readonly offsetDelta?: number
}

export const baseOffset = 5e12
export const baseTimestamp = 1468244384000

/** The records of a batch, written after the format's description (kafka.apache.org/documentation/#record). */
export function encodeRecords(
  records: readonly PlainRecord[],
  fields: Partial<FrameRecords> = {},
): FrameRecords {
  const bytes = Buffer.concat(records.map(encodeRecord))
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

function encodeRecord(record: PlainRecord, index: number): Buffer {
  const { value, key = null, headers = [], timeDelta = 0, offsetDelta = index } = record
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(timeDelta),
    varint(offsetDelta),
    ...span(key),
    ...span(value),
    varint(headers.length),
    ...headers.flatMap(([name, content]) => [...span(name), ...span(content)]),
  ])
  return Buffer.concat([varint(body.length), body])
}

function span(bytes: Uint8Array | null): Uint8Array[] {
  return bytes === null ? [varint(-1)] : [varint(bytes.length), bytes]
}

function varint(value: number): Buffer {
  let left = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n))
  const bytes: number[] = []
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128)
  bytes.push(Number(left))
  return Buffer.from(bytes)
}
