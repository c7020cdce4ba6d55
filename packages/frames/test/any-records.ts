import fc from 'fast-check'
import type { FrameRecords } from '../src/index.js'
import { baseTimestamp, type PlainRecord } from './encode-records.js'
import { LineFuzzer } from './line-fuzzer.js'
import { bytesOf, plainOptions } from './read-all.js'

export const smallOptions = { ...plainOptions, groupBy: 'grp', maxLine: 60, rows: 300 }
const notFrames = ['{"uid":"a"', '[]', '{"ts":1}', '{"uid":"f","ts":1}x', '\ufeff{"uid":"a","ts":1}']
const values = [
  ...['{"uid":"a","ts":1}', '{"uid":"b","ts":2,"grp":"g"}', '{"uid":7,"ts":3}\r\n', '{"uid":\n"d","ts":5}'],
  ...[
    '',
    ' \n\t\r',
    '\n\n{"uid":"c","ts":4}',
    '{"uid":"a","ts":1}\n{"uid":"b","ts":2}',
    '{"uid":"\n","ts":5}',
  ],
  ...notFrames,
  ...['{"uid":"\\u0061","ts":1,"grp":"h"}', `{"uid":"${'x'.repeat(100)}","ts":1}`, ' '.repeat(200)],
]
const someBytes = (maxLength: number) => fc.option(fc.uint8Array({ maxLength }), { nil: null })
/** Records with all that may be odd about them. */
export const anyRecords = fc.array(
  fc.record({
    value: fc.option(
      fc.oneof(
        fc.constantFrom(...values).map(bytesOf),
        fc.nat(2 ** 30).map((seed) => firstLine(new LineFuzzer(seed).source(1))),
        fc.uint8Array({ maxLength: 70 }),
      ),
      { nil: null },
    ),
    key: someBytes(200),
    headers: fc.array(fc.tuple(fc.uint8Array({ maxLength: 5 }), someBytes(5)), { maxLength: 3 }),
    timeDelta: fc.oneof(fc.integer({ min: -1e9, max: 1e9 }), fc.constantFrom(0, -baseTimestamp - 1)),
    gap: fc.nat(300),
  }),
  { minLength: 1, maxLength: 40 },
)

function firstLine(source: Uint8Array): Uint8Array {
  const end = source.indexOf(0x0a)
  return source.slice(0, end < 0 ? source.length : end)
}

/** The same with offsets that have gaps. */
export function spaced(list: readonly (PlainRecord & { gap: number })[]) {
  let offsetDelta = -1
  return list.map(({ gap, ...record }) => {
    offsetDelta += 1 + (gap > 150 ? gap : 0)
    return { ...record, offsetDelta }
  })
}

/** The same records within a larger buffer, between other bytes. */
export function padded(batch: FrameRecords, pad: number): FrameRecords {
  const bytes = Buffer.concat([Buffer.alloc(pad, '{'), batch.bytes, Buffer.alloc(pad, '"')])
  return { ...batch, bytes, start: pad, end: pad + batch.end }
}
