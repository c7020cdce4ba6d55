import { FrameReader } from '../src/index.js'
import type { Model } from './model.js'
import { bytesOf, plainOptions, takeRows } from './read-all.js'

/** Tails of objects that are good up to the last wanted member, and of ones in which the last of repeated names means the same. */
const trustedTails: readonly (readonly [string, string?])[] = [
  ['"uid":"u","ts":1,"grp":"g"}'],
  ['"x":{"uid":"n","ts":2,"grp":3},"ts" : 1 ,"grp":7,"y":["uid",{"grp":3}],"uid"\t:\t"u"}'],
  ['"uidx":"a","xuid":"b","ats":5,"ts":1,"uid":"u","grp":true}'],
  ['"x":"\\"uid\\":\\"v\\"","y":"\\\\","z":"uid","grp":"g","ts":1,"uid":"u"}'],
  ['"x":"[{]}","y":[[{}],{"z":{}}],"uid":"a longer key of a user","ts":1,"grp":"g"}'],
  ['"uid":"u","uid":"v","ts":1,"ts":2,"uid":"w","grp":"g","grp":"h"}', '"uid":"u","ts":1,"grp":"g"}'],
  ['"uid":"u","ts":1,"grp":"g",,,', '"uid":"u","ts":1,"grp":"g"}'],
  ['"uid":"u","ts":1}'],
]

/**
 * Reads such lines, the tails behind a filler of any length up to more than a block, with the trusting scanner, and
 * what they mean with JSON.parse; throws where what was read differs. Returns how many lines the scanner judged itself.
 */
export function compareTrusted(): number {
  const options = { ...plainOptions, groupBy: 'grp' }
  let scanned = 0
  for (let pad = 0; pad <= 70; pad++) {
    const source = (of: 0 | 1) =>
      bytesOf(trustedTails.map((tail) => `{"p":"${'f'.repeat(pad)}",${tail[of] ?? tail[0]}\n`).join(''))
    const scanner = new FrameReader({ ...options, json: 'trusted' })
    const found = meaning(scanner, source(0))
    const expected = meaning(new FrameReader({ ...options, simd: false }), source(1))
    if (found !== expected) throw new Error(`Lines differ: scanner ${found}, JSON.parse ${expected}`)
    scanned += scanner.lines - scanner.fallbacks
  }
  return scanned
}

function meaning(reader: FrameReader, source: Uint8Array): string {
  const rows: Model['rows'] = []
  reader.write(source)
  reader.endOfSource()
  while (reader.next()) takeRows(reader, rows)
  return rows.map(({ status, time, hash, group }) => `${status} ${time} ${hash} ${group}`).join(', ')
}
