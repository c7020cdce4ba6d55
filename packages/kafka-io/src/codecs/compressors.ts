/// <reference path="./snappyjs.d.ts" />
import { createRequire } from 'node:module'
import * as zlib from 'node:zlib'
import { checkArgument } from '../arguments/check-options.js'
import { oneOf } from '../arguments/rules.js'
import { KafkaIoError } from '../errors.js'
import type { Compression, Compressor } from './compressor.js'
import { type CodecName, codecNames } from './decompress.js'

export type { Compression, Compressor } from './compressor.js'

// Each library is loaded when the first sink that uses it opens.

/** Snappy blocks, by snappyjs. */
export const snappy: Compressor = {
  codec: 'snappy',
  async load() {
    const { compress } = await import('snappyjs')
    return compress
  },
}

/** LZ4 frames, by the native code of lz4-napi. */
export const lz4: Compressor = {
  codec: 'lz4',
  async load() {
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
  },
}

/** Frames of zstd at its default level: by Node from 22.15 on, else by the WebAssembly of wasm-zstd. */
export const zstd: Compressor = {
  codec: 'zstd',
  async load() {
    // The types of Node 20 do not know it.
    const { zstdCompressSync } = zlib as unknown as { zstdCompressSync?: (input: Uint8Array) => Buffer }
    if (zstdCompressSync !== undefined) return (input) => zstdCompressSync(input)
    const { Zstd } = await import('@hpcc-js/wasm-zstd')
    const wasm = await Zstd.load()
    return (input) => wasm.compress(input)
  },
}

const compressions: Readonly<Record<CodecName, Compression>> = {
  none: 'none',
  gzip: 'gzip',
  snappy,
  lz4,
  zstd,
}

/** The compression that a codec's name stands for. @throws `bad-settings` for a name that is not one of `codecNames` */
export function compressionOf(codec: CodecName): Compression {
  checkArgument('compressionOf', 'codec', codec, oneOf(...codecNames))
  return compressions[codec]
}
