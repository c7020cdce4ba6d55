import { corrupt, readHeader, viewOf, writeHeader } from '../header.js'
import type { FingerprintTable } from './fingerprint-table.js'
import { fingerprintBytes, writeSorted } from './sorted-fingerprints.js'

// The header of eight bytes (byte 4 the order), the number of fingerprints (u64), then the fingerprints, each as h1 and h2
// with the most significant byte first. Sorted bodies of shards, one after the other, are the body of the whole.
const bodyStart = 16
const orders = { ascending: 0, insertion: 1 }
const blockRows = 1024
const rows = /* @__PURE__ */ new Uint32Array(4 * blockRows)

/** The canonical bytes: fingerprints ascending. */
export function sortedBytes(table: FingerprintTable): Uint8Array {
  const bytes = withHeader(table.size, orders.ascending)
  writeSorted(table, viewOf(bytes), bodyStart)
  return bytes
}

/** The canonical bytes of parts of a sorted body, `sizes` fingerprints each. */
export function sortedParts(table: FingerprintTable, sizes: Uint32Array): Uint8Array[] {
  const whole = sortedBytes(table)
  let at = bodyStart
  return Array.from(sizes, (size) => {
    const part = withHeader(size, orders.ascending)
    part.set(whole.subarray(at, at + size * fingerprintBytes), bodyStart)
    at += size * fingerprintBytes
    return part
  })
}

/** The fingerprints from one mark to another, in order of insertion; the table must have them in its log, or all are meant. */
export function deltaBytes(table: FingerprintTable, from: number, to: number): Uint8Array {
  const bytes = withHeader(to - from, orders.insertion)
  const view = viewOf(bytes)
  let at = bodyStart
  const write = (w0: number, w1: number, w2: number, w3: number) => {
    view.setInt32(at, w1)
    view.setInt32(at + 4, w0)
    view.setInt32(at + 8, w3)
    view.setInt32(at + 12, w2)
    at += fingerprintBytes
  }
  if (table.log !== null && from >= table.log.start) table.log.forEach(from, to, write)
  else table.forEachSegment((segment) => segment.forEach(write))
  return bytes
}

/**
 * Adds the fingerprints of canonical or delta bytes, after the bytes were checked as a whole.
 *
 * @returns how many fingerprints the bytes hold
 * @throws EstimatorError `wrong-kind`, `wrong-version`, `corrupt-bytes`; the table is unchanged then
 */
export function addBytes(table: FingerprintTable, bytes: Uint8Array): number {
  const view = readHeader(bytes, 'exact', bodyStart)
  const count = view.getUint32(8, true) + view.getUint32(12, true) * 4294967296
  const order = bytes[4]!
  if (order > orders.insertion || bytes[5] !== 0 || bytes[6] !== 0 || bytes[7] !== 0) {
    throw corrupt('exact', '0 or 1, then zeros from byte 4 to 7', bytes.subarray(4, 8).join())
  }
  if (bytes.length - bodyStart !== count * fingerprintBytes) {
    throw corrupt(
      'exact',
      `${count} fingerprints of ${fingerprintBytes} bytes`,
      `${bytes.length - bodyStart} bytes`,
    )
  }
  if (order === orders.ascending) checkAscending(view)
  table.reserve(count)
  for (let at = bodyStart; at < bytes.length; ) {
    let row = 0
    for (; row < rows.length && at < bytes.length; row += 4, at += fingerprintBytes) {
      rows[row] = view.getUint32(at + 4)
      rows[row + 1] = view.getUint32(at)
      rows[row + 2] = view.getUint32(at + 12)
      rows[row + 3] = view.getUint32(at + 8)
    }
    table.addRows(rows, 0, row >>> 2)
  }
  return count
}

function checkAscending(view: DataView): void {
  for (let at = bodyStart + fingerprintBytes; at < view.byteLength; at += fingerprintBytes) {
    let word = at
    const end = at + fingerprintBytes
    while (word < end && view.getUint32(word) === view.getUint32(word - fingerprintBytes)) word += 4
    if (word === end || view.getUint32(word) < view.getUint32(word - fingerprintBytes)) {
      throw corrupt('exact', 'fingerprints in ascending order', `another at byte ${at}`)
    }
  }
}

function withHeader(size: number, order: number): Uint8Array {
  const bytes = new Uint8Array(bodyStart + size * fingerprintBytes)
  const view = writeHeader(bytes, 'exact')
  bytes[4] = order
  view.setUint32(8, size >>> 0, true)
  view.setUint32(12, Math.floor(size / 4294967296), true)
  return bytes
}
