import type { InternalRequest, Versions } from '../client/internals.js'
import { KafkaIoError } from '../errors.js'
import type { RequestBody } from './request-writer.js'

/** One version of one request (kafka.apache.org/protocol). */
export interface Api {
  readonly key: number
  readonly version: number
  readonly name: string
}

export const fetchApi: Api = { key: 1, version: 13, name: 'Fetch' }
export const metadataApi: Api = { key: 3, version: 10, name: 'Metadata' }
export const consumerGroupDescribeApi: Api = { key: 69, version: 0, name: 'ConsumerGroupDescribe' }

export function speaks(versions: Versions | null | undefined, { key, version }: Api): boolean {
  return (versions?.[key]?.maxVersion ?? -1) >= version
}

/** A request that kafkajs sends as one of its own. */
export function requestOf<T>(
  { key: apiKey, version: apiVersion, name: apiName }: Api,
  body: RequestBody,
  read: (answer: Buffer) => T,
): InternalRequest {
  return {
    request: { apiKey, apiVersion, apiName, encode: async () => body },
    response: {
      decode: async (payload) => {
        try {
          return read(payload)
        } catch (error) {
          if (!(error instanceof RangeError)) throw error
          throw new KafkaIoError(
            'request-failed',
            `The answer to ${apiName} ${apiVersion}, of ${payload.length} bytes, ends early`,
            { cause: error },
          )
        }
      },
      parse: async (decoded) => decoded,
    },
  }
}
