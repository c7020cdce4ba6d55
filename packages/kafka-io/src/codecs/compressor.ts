import { isObject, type Rule } from '../arguments/rules.js'
import { type CodecName, codecNames } from './decompress.js'

/** A way to compress record batches. */
export interface Compressor {
  readonly codec: Exclude<CodecName, 'none'>
  /**
   * Loads what compresses, when a sink that uses it is opened.
   *
   * @throws KafkaIoError codec-missing, where this platform cannot write it
   */
  load(): Promise<(input: Uint8Array) => Uint8Array>
}

/** How a sink compresses: not, by Node's own gzip, or by a compressor of `@card/kafka-io/compression`. */
export type Compression = 'none' | 'gzip' | Compressor

export const compressionRule: Rule = {
  expected: '"none" or "gzip" or a compressor of @card/kafka-io/compression',
  accepts: (value) =>
    value === 'none' ||
    value === 'gzip' ||
    (isObject(value) && codecNames.indexOf(value.codec as CodecName) > 0 && typeof value.load === 'function'),
}
