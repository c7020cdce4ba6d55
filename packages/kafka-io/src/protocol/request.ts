import type { Versions } from '../client/internals.js'
import { WireReader } from './wire-reader.js'
import { WireWriter } from './wire-writer.js'

/** A request in the form that a connection of kafkajs sends. */
export interface WireRequest<T> {
  readonly request: {
    readonly apiKey: number
    readonly apiVersion: number
    readonly apiName: string
    encode(): Promise<unknown>
  }
  readonly response: { decode(payload: Buffer): Promise<T>; parse(decoded: T): Promise<T> }
  /** ms */
  readonly requestTimeout: number
  /** kafkajs logs no answer that cannot be read: the error is thrown. */
  readonly logResponseError: false
}

/** Longer than any healthy broker takes, and well below a transaction's timeout of 30 s; ms. */
const requestTimeout = 10_000

export interface Api {
  readonly name: string
  readonly key: number
  readonly version: number
}

/** Whether a broker speaks this version, by what kafkajs has asked it for. */
export function speaks(versions: Versions | null | undefined, { key, version }: Api): boolean {
  return (versions?.[key]?.maxVersion ?? -1) >= version
}

/**
 * A request in flexible encoding. kafkajs writes a header of version 1, whose client id both header versions share; the
 * tagged fields that version 2 adds are the first byte of our body, and so it is with the answer's header.
 */
export function flexibleRequest<T>(
  api: Api,
  write: (body: WireWriter) => void,
  read: (body: WireReader) => T,
): WireRequest<T> {
  return {
    request: {
      apiKey: api.key,
      apiVersion: api.version,
      apiName: api.name,
      async encode() {
        const body = new WireWriter().noTaggedFields()
        write(body)
        // As much of kafkajs's Encoder as its connection uses.
        return { buf: body.bytes, buffer: body.bytes }
      },
    },
    response: {
      async decode(payload) {
        const body = new WireReader(payload)
        body.taggedFields()
        return read(body)
      },
      parse: async (decoded) => decoded,
    },
    requestTimeout,
    logResponseError: false,
  }
}
