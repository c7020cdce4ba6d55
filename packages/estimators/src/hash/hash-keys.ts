import { checkInteger, isBytes } from '../checks.js'
import type { DistinctCounter } from '../distinct-counter.js'
import { badOption, tagOf } from '../errors.js'
import { defaultSeed } from './default-seed.js'
import { mostRows, wasmHasher } from './murmur3-wasm.js'
import { hashBytes, hashWords } from './murmur3-x64-128.js'

/**
 * Adds many keys that lie one after the other in `bytes`, the fastest way from bytes to a counter. Key i is
 * `bytes[offsets[i] .. offsets[i + 1])`, as in a string column of Apache Arrow. A HyperLogLog ignores empty keys, as its
 * `add` does.
 *
 * @param offsets ascending, one more than there are keys
 * @param from first key to add, inclusive
 * @param to last key to add, exclusive
 * @throws EstimatorError `bad-option` for parameters of other types, keys beyond the offsets, offsets that descend or lie beyond the bytes; the keys
 *   before them may have been added
 */
export function addKeys(
  counter: DistinctCounter,
  bytes: Uint8Array,
  offsets: Uint32Array | Int32Array,
  from = 0,
  to: number = Math.max(0, (offsets?.length ?? 0) - 1),
): void {
  if (typeof (counter as Partial<DistinctCounter> | null | undefined)?.addHashes !== 'function') {
    throw badOption('counter', 'a counter', counter)
  }
  if (!isBytes(bytes)) throw badOption('bytes', 'a Uint8Array', bytes)
  if (!['Uint32Array', 'Int32Array'].includes(tagOf(offsets))) {
    throw badOption('offsets', 'a Uint32Array or Int32Array', offsets)
  }
  checkInteger('to', to, 0, Math.max(0, offsets.length - 1))
  checkInteger('from', from, 0, Number.MAX_SAFE_INTEGER)
  if (from >= to) return
  const ignoresEmpty = counter.kind === 'hll'
  checkOffset(offsets[from]!, 0, bytes)
  let key = from
  while (key < to) {
    const next = wasmHasher === null ? key : addBlock(counter, bytes, offsets, key, to, ignoresEmpty)
    if (next > key) {
      key = next
      continue
    }
    const start = offsets[key]!
    const end = checkOffset(offsets[key + 1]!, start, bytes)
    if (start !== end || !ignoresEmpty) {
      hashBytes(bytes, start, end, defaultSeed)
      counter.addHash(hashWords[0]!, hashWords[1]!, hashWords[2]!, hashWords[3]!)
    }
    key++
  }
}

/** Adds as many keys as WebAssembly takes at once; returns the key after them. */
function addBlock(
  counter: DistinctCounter,
  bytes: Uint8Array,
  offsets: Uint32Array | Int32Array,
  from: number,
  to: number,
  ignoresEmpty: boolean,
): number {
  const { input, ends, rows, hashRows } = wasmHasher!
  const start = offsets[from]!
  const most = input.length
  let key = from
  let count = 0
  let end = 0
  while (key < to && count < mostRows) {
    const keyEnd = checkOffset(offsets[key + 1]!, start + end, bytes) - start
    if (keyEnd > most) break
    if (keyEnd > end || !ignoresEmpty) ends[count++] = keyEnd
    end = keyEnd
    key++
  }
  input.set(bytes.subarray(start, start + end))
  hashRows(count, defaultSeed)
  counter.addHashes(rows, 0, count)
  return key
}

/** Also refuses what a hostile column may hold: WebAssembly would hash bytes of earlier keys. */
function checkOffset(offset: number, least: number, bytes: Uint8Array): number {
  if (offset >= least && offset <= bytes.length) return offset
  throw badOption('offsets', `ascending numbers up to ${bytes.length}`, `${offset} after ${least}`)
}
