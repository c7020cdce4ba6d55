/// <reference path="./snappyjs.d.ts" />
import { createRequire } from 'node:module'
import { compress as compressSnappy } from 'snappyjs'
import { CompressionCodecs, CompressionTypes } from '../client/kafkajs.js'
import { KafkaIoError } from '../errors.js'
import { type CodecName, Decompressor } from './decompress.js'
import { zstdCompressor } from './zstd.js'

type Compress = (input: Buffer) => Uint8Array

const types: Record<CodecName, number> = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
}

const compressors: Partial<Record<CodecName, () => Compress | Promise<Compress>>> = {
  snappy: () => compressSnappy,
  lz4: lz4Compressor,
  zstd: zstdCompressor,
}

/**
 * Makes kafkajs able to write a codec and returns the codec's number. kafkajs keeps its codecs for the whole
 * process; those of others are replaced by ours, which read and write the same bytes.
 *
 * @throws `codec-missing` where this platform cannot write it
 */
export async function useCodec(name: CodecName): Promise<number> {
  const number = types[name]
  const compress = await compressors[name]?.()
  if (compress === undefined) return number
  const decompressor = new Decompressor(1024 * 1024 * 1024)
  CompressionCodecs[number as keyof typeof CompressionCodecs] = () => ({
    compress: async (encoder: { buffer: Buffer }) => asBuffer(compress(encoder.buffer)),
    decompress: async (input: Buffer) => {
      decompressor.clear()
      const start = decompressor.decompress(number, input)
      return Buffer.from(decompressor.bytes.subarray(start, decompressor.end))
    },
  })
  return number
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

// Required when first used: without its binary for this platform it throws, and only those who write lz4 need it.
function lz4Compressor(): Compress {
  try {
    const { compressFrameSync } = createRequire(import.meta.url)('lz4-napi')
    return (input) => compressFrameSync(input)
  } catch (error) {
    throw new KafkaIoError(
      'codec-missing',
      `Writing lz4 needs the native part of lz4-napi, and there is none for ${process.platform} ${process.arch}: ` +
        'choose snappy or gzip',
      { cause: error },
    )
  }
}
