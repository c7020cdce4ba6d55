/** A record as it stands in a record batch. */
export interface BatchRecord {
  /** Added to the batch's base timestamp, ms; may be negative. */
  readonly timeDelta: number
  /** Added to the batch's base offset; may be negative. */
  readonly offsetDelta: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly (readonly [Uint8Array, Uint8Array | null])[]
}

/** The bytes of a record, written after the format's description (kafka.apache.org/documentation/#record). */
export function encodeRecord({ timeDelta, offsetDelta, key, value, headers }: BatchRecord): Buffer {
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
