import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { FrameReader, FramesError } from '@card/frames'
import type { RecordSection } from '@card/kafka-io'
import { expect, test } from 'vitest'
import { PlainRecords, type RecordFeed } from '../../src/kafka/record-feed.js'
import { blocksFor, ScanThreads } from '../../src/threads/scan-threads.js'
import { ThreadedRecords } from '../../src/threads/threaded-records.js'
import { program } from '../program.js'

const frameOptions = { key: 'uid', time: 'ts', timeUnit: 'auto', groupBy: null, maxLine: 1 << 20 } as const

/** Sections of so many records each, whose values are frames with a filler. */
function sectionsOf(counts: readonly number[], filler: number): RecordSection[] {
  let baseOffset = 0
  return counts.map((count) => {
    const records = Array.from({ length: count }, (_, i) => {
      const value = Buffer.from(`{"uid":"u${baseOffset + i}","ts":${1 + i},"x":"${'y'.repeat(filler)}"}`)
      // Attributes, time delta, offset delta, no key, the value, no headers.
      const parts = [[0], varint(i), varint(i), varint(-1), varint(value.length), value, [0]]
      const body = Buffer.concat(parts.map((part) => Uint8Array.from(part)))
      return Buffer.concat([Uint8Array.from(varint(body.length)), body])
    })
    const bytes = Buffer.concat(records)
    const section = {
      ...{ bytes, start: 0, end: bytes.length, count, baseOffset, lastOffset: baseOffset + count - 1 },
      ...{ baseTimestamp: 1000, maxTimestamp: 1000 + count, brokerTime: false },
      ...{ fromOffset: 0, toOffset: Number.POSITIVE_INFINITY },
    }
    baseOffset += count
    return section
  })
}

/** Zigzag, of small numbers. */
function varint(value: number): number[] {
  const bytes: number[] = []
  let left = value < 0 ? -2 * value - 1 : 2 * value
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) + 128)
  return [...bytes, left]
}

/** Offset, hash and status of each row that a feed hands over, and the error at its end. */
async function take(feed: RecordFeed, sections: readonly RecordSection[]) {
  const rows: string[] = []
  let error: string | null = null
  try {
    await feed.take(sections, (columns) => {
      const { offset, hash, status } = columns
      for (let row = 0; row < columns.rows; row++) {
        const words = hash.subarray(4 * row, 4 * row + 4)
        rows.push(`${offset[row]} ${words.join(' ')} ${status[row]}`)
      }
    })
  } catch (thrown) {
    if (!(thrown instanceof FramesError)) throw thrown
    error = thrown.message
  }
  await feed.close()
  return { rows, error }
}

async function takeWith(threads: number, sections: readonly RecordSection[]) {
  const sharing = threads === 1 ? null : { threads, blocks: blocksFor(threads) }
  const reader = new FrameReader(frameOptions, sharing)
  const parts = { reader, outputs: { flush: async () => {} }, onBatch() {} }
  if (threads === 1) return take(new PlainRecords(parts), sections)
  const threadProgram = pathToFileURL(join(dirname(await program()), 'scan-thread.js'))
  const scanThreads = new ScanThreads(reader.blocks!, threads, threadProgram)
  return take(new ThreadedRecords(parts, scanThreads), sections)
}

test.each([
  ['many small sections', sectionsOf(Array(300).fill(20), 200)],
  ['few large ones', sectionsOf([5000, 1, 7000], 200)],
  ['records larger than a block among others', sectionsOf([3, 2, 4], 300_000)],
])('%s become the same rows on any number of threads', async (_, sections) => {
  const expected = await takeWith(1, sections)
  expect(expected.rows).toHaveLength(sections.reduce((sum, { count }) => sum + count, 0))
  expect(expected.error).toBeNull()
  for (const threads of [2, 3]) expect(await takeWith(threads, sections)).toEqual(expected)
})

test('the rows before a damaged record are handed over, then its error, and nothing behind it', async () => {
  const sections = sectionsOf(Array(40).fill(100), 200)
  const { bytes, end } = sections[25]!
  const broken = Buffer.from(bytes)
  // All that is in front of the 51st value, its record's length among it.
  const at = broken.indexOf('"uid":"u2550"') - 10
  broken.fill(0xff, at, at + 9)
  sections[25] = { ...sections[25]!, bytes: broken, end }
  const expected = await takeWith(1, sections)
  expect(expected.rows).toHaveLength(2550)
  expect(expected.error).toContain('found record 50 damaged')
  for (const threads of [2, 3]) expect(await takeWith(threads, sections)).toEqual(expected)
})
