/// <reference path="./snappyjs.d.ts" />
import { createRequire } from 'node:module'
import { compress as compressSnappy } from 'snappyjs'
import { CompressionCodecs, CompressionTypes } from '../client/kafkajs.js'
import { KafkaIoError } from '../errors.js'
import { type CodecName, Decompressor } from './decompress.js'
import { compressZstd } from './zstd.js'

const types: Record<CodecName, number> = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
}

const compressors: Partial<Record<CodecName, (input: Buffer) => Uint8Array>> = {
  snappy: compressSnappy,
  lz4: (input) => lz4().compressFrameSync(input),
  zstd: compressZstd,
}

/**
 * Makes kafkajs able to write a codec and returns the codec's number. kafkajs keeps its codecs for the whole
 * process; those of others are replaced by ours, which read and write the same bytes.
 *
 * @throws `codec-missing` where this Node cannot write it
 */
export function useCodec(name: CodecName): number {
  const number = types[name]
  const compress = compressors[name]
  if (compress === undefined) return number
  compress(Buffer.from('Is the native part there?'))
  const decompressor = new Decompressor(1024 * 1024 * 1024)
  CompressionCodecs[number as keyof typeof CompressionCodecs] = () => ({
    compress: async (encoder: { buffer: Buffer }) => compress(encoder.buffer),
    decompress: async (input: Buffer) => {
      decompressor.clear()
      const start = decompressor.decompress(number, input)
      return Buffer.from(decompressor.bytes.subarray(start, decompressor.end))
    },
  })
  return number
}

// Required when first used: without its binary for this platform it throws, and only those who write lz4 need it.
function lz4(): { compressFrameSync(input: Buffer): Buffer } {
  try {
    return createRequire(import.meta.url)('lz4-napi')
  } catch (error) {
    throw new KafkaIoError(
      'codec-missing',
      `Writing lz4 needs the native part of lz4-napi, and there is none for ${process.platform} ${process.arch}: ` +
        'choose snappy or gzip',
      { cause: error },
    )
  }
}
