import { spawnSync } from 'node:child_process'
import { FrameReader } from '@card/frames'
import lz4 from 'lz4-napi'
// From inside of kafka-io, which gives whole batches of a broker alone: a stage is one step of its way, without a broker.
import { readBatchHeader, verifyChecksum } from '../../../packages/kafka-io/src/batch/batch-header.js'
import { SectionGatherer } from '../../../packages/kafka-io/src/batch/record-section.js'
import { encodeBatch, type PlainRecord } from '../../../packages/kafka-io/test/support/encode-batch.js'
import { frameOptions } from './frame-columns.js'
import type { Stage } from './measure.js'

/** Bytes of frames in a batch: what the producer sends at a time. */
const batchSize = 500_000

const codecs = {
  none: { number: 0, compress: null },
  lz4: { number: 3, compress: (input: Uint8Array) => lz4.compressFrameSync(Buffer.from(input)) },
  zstd: { number: 4, compress: compressZstd },
} as const
export type Codec = keyof typeof codecs

/** The frames as record batches, keyed by nothing. Null where this machine cannot write the codec. */
export function encodeFrames(bytes: Buffer, codec: Codec): Buffer[] | null {
  const { number, compress } = codecs[codec]
  if (codec === 'zstd' && compressZstd(Buffer.from('Is it there?')) === null) return null
  const batches: Buffer[] = []
  let records: PlainRecord[] = []
  let size = 0
  let offset = 0
  const send = () => {
    const baseOffset = offset - records.length
    const body = compress === null ? {} : { compress: (plain: Uint8Array) => compress(plain)! }
    batches.push(encodeBatch({ baseOffset, lastOffset: offset - 1, records, codec: number, ...body }))
    records = []
    size = 0
  }
  for (let from = 0, at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
    records.push({
      offset: offset++,
      timestamp: 1_468_244_384_000,
      key: null,
      value: bytes.subarray(from, at),
    })
    size += at - from
    from = at + 1
    if (size >= batchSize) send()
  }
  if (records.length > 0) send()
  return batches
}

/** Comparing the checksum of each batch. */
export function checksums(codec: Codec, batches: readonly Buffer[]): Stage {
  return {
    name: `checksum, ${codec}`,
    run: () => each(batches, (batch, view) => verifyChecksum(headerOf(batch, view), batch, view)),
  }
}

/** From batches to sections of records, decompressed where they are compressed. */
export function decompressing(codec: Codec, batches: readonly Buffer[]): Stage {
  const sections = new SectionGatherer(1 << 28)
  return {
    name: `decompress, ${codec}`,
    run: () => each(batches, (batch, view) => void sectionsOf(sections, batch, view)),
  }
}

/** The same of batches that are not compressed, and on to columns of frames. */
export function walkingAndScanning(batches: readonly Buffer[]): Stage {
  const gatherer = new SectionGatherer(1 << 28)
  return {
    name: 'walk and scan',
    run() {
      const frames = new FrameReader(frameOptions)
      each(batches, (batch, view) => {
        for (const section of sectionsOf(gatherer, batch, view)) {
          while (!frames.pushRecords(section)) frames.clear()
        }
        frames.clear()
      })
    },
  }
}

function sectionsOf(gatherer: SectionGatherer, batch: Buffer, view: DataView) {
  gatherer.clear()
  gatherer.append(headerOf(batch, view), batch, 0)
  return gatherer.event({ topic: '', partition: 0, nextOffset: 0, highWatermark: 0 }).sections
}

function each(batches: readonly Buffer[], take: (batch: Buffer, view: DataView) => void): void {
  for (const batch of batches) take(batch, new DataView(batch.buffer, batch.byteOffset, batch.length))
}

function headerOf(batch: Buffer, view: DataView) {
  return readBatchHeader(view, 0, batch.length)!
}

/** By the command, since Node writes zstd only from 22.15 on. Null where there is none. */
function compressZstd(input: Uint8Array): Buffer | null {
  const { stdout, status, error } = spawnSync('zstd', ['-q', '-c'], { input, maxBuffer: 2 ** 30 })
  return error === undefined && status === 0 ? stdout : null
}
