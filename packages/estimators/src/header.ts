import { checkBytes } from './checks.js'
import { EstimatorError } from './errors.js'

/**
 * The package's own formats begin with eight bytes: "CD" (an Apache DataSketches image begins with 2, 3 or 10), the kind, the
 * version, and four bytes that each kind uses in its own way. Numbers are little-endian unless stated otherwise.
 */
const kinds = { exact: 1, linear: 2, ull: 3, auto: 4 } as const
const version = 1

export function writeHeader(bytes: Uint8Array, kind: keyof typeof kinds): DataView {
  bytes[0] = 0x43
  bytes[1] = 0x44
  bytes[2] = kinds[kind]
  bytes[3] = version
  return viewOf(bytes)
}

/** @throws EstimatorError `wrong-kind`, `wrong-version` or `corrupt-bytes` (shorter than `least`) */
export function readHeader(bytes: Uint8Array, kind: keyof typeof kinds, least: number): DataView {
  checkBytes(bytes)
  const start = [0x43, 0x44, kinds[kind]]
  if (bytes.subarray(0, 3).some((byte, at) => byte !== start[at])) {
    throw new EstimatorError(
      'wrong-kind',
      `expected bytes of the counter "${kind}", which begin with 67,68,${kinds[kind]}, found ${bytes.subarray(0, 3)}: use the class that wrote them`,
    )
  }
  if (bytes.length < least) {
    throw corrupt(kind, `at least ${least} bytes`, `${bytes.length}`)
  }
  if (bytes[3] !== version) {
    throw new EstimatorError(
      'wrong-version',
      `expected version ${version} of the counter "${kind}", found ${bytes[3]}: read it with the release that wrote it`,
    )
  }
  return viewOf(bytes)
}

export function corrupt(what: string, expected: string, found: string): EstimatorError {
  return new EstimatorError(
    'corrupt-bytes',
    `bytes of the counter "${what}": expected ${expected}, found ${found}: they were cut or changed`,
  )
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
