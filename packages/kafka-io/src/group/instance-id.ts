import type { InternalRequest } from '../client/internals.js'
import { KafkaIoError } from '../errors.js'

/** The fields before `group_instance_id`, in those requests of kafkajs that have one (it commits no offsets here). */
const fieldsBefore: Readonly<Record<number, { name: string; version: number; fields: readonly Field[] }>> = {
  11: { name: 'JoinGroup', version: 5, fields: ['string', 4, 4, 'string'] },
  12: { name: 'Heartbeat', version: 3, fields: ['string', 4, 'string'] },
  14: { name: 'SyncGroup', version: 3, fields: ['string', 4, 'string'] },
}

/** A string behind its length (i16), or a number of so many bytes. */
type Field = 'string' | number

/**
 * The request of a static member. kafkajs 2.2.4 writes the field, always null; here the instance id takes the null's place
 * among the encoded bytes.
 *
 * @throws `request-failed` where the broker is too old for static membership (Kafka 2.3)
 */
export function withInstanceId(request: InternalRequest, instanceId: string): InternalRequest {
  const { apiKey, apiVersion } = request.request
  const known = fieldsBefore[apiKey]
  if (known === undefined) return request
  if (apiVersion !== known.version) {
    throw new KafkaIoError(
      'request-failed',
      `Expected a broker that speaks ${known.name} ${known.version} (Kafka 2.3 or newer), found version ${apiVersion}: ` +
        'omit instanceId',
    )
  }
  return {
    ...request,
    request: {
      ...request.request,
      async encode() {
        const { buffer } = (await request.request.encode()) as { buffer: Buffer }
        const bytes = replaceNullString(buffer, known.fields, instanceId)
        // As much of kafkajs's Encoder as its connection uses.
        return { buf: bytes, buffer: bytes }
      },
    },
  }
}

function replaceNullString(bytes: Buffer, before: readonly Field[], text: string): Buffer {
  let at = 0
  for (const field of before) at += field === 'string' ? 2 + bytes.readInt16BE(at) : field
  const encoded = Buffer.alloc(2 + Buffer.byteLength(text))
  encoded.writeInt16BE(encoded.length - 2)
  encoded.write(text, 2)
  return Buffer.concat([bytes.subarray(0, at), encoded, bytes.subarray(at + 2)])
}
