import { CompressionCodecs, CompressionTypes } from '../client/kafkajs.js'
import type { Compression } from './compressor.js'
import { type CodecName, Decompressor } from './decompress.js'

const types: Readonly<Record<CodecName, number>> = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
}

/**
 * Makes kafkajs able to write a codec and returns the codec's number. kafkajs keeps its codecs for the whole
 * process; those of others are replaced by ours, which read and write the same bytes.
 *
 * @throws `codec-missing` where this platform cannot write it
 */
export async function useCodec(compression: Compression): Promise<number> {
  // kafkajs brings gzip itself.
  if (typeof compression === 'string') return types[compression]
  const number = types[compression.codec]
  const compress = await compression.load()
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
