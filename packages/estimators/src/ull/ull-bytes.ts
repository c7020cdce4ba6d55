import { corrupt, readHeader, viewOf, writeHeader } from '../header.js'
import { RegisterStore, storeOf } from './register-store.js'
import { isRegister } from './ull-register.js'

// The header of eight bytes (byte 4 the precision, byte 5 whether one stream was counted, byte 6 the form of the body), the
// f64 martingale estimate, then the body. Dense: every register. Sparse: u32 number of registers that are not 0, then five
// bytes for each of them, u32 slot and the register, slots ascending. The shorter form is written, the dense one where both
// are as long, so that the bytes are a function of the registers.
const bodyStart = 16
const entriesStart = 20
const entryBytes = 5
const forms = { dense: 0, sparse: 1 }

export const leastUllPrecision = 3
export const mostUllPrecision = 26

/** The canonical bytes. */
export function ullBytes(registers: RegisterStore): Uint8Array {
  const { precision } = registers
  const used = registers.used()
  if (!isSparse(used, precision)) {
    const bytes = withHeader(bodyStart + 2 ** precision, precision, forms.dense)
    bytes.set(registers.all.length > 0 ? registers.all : registers.toArray(), bodyStart)
    return bytes
  }
  const slots = new Uint32Array(used)
  let next = 0
  registers.forEach((slot) => {
    slots[next++] = slot
  })
  const bytes = withHeader(entriesStart + entryBytes * used, precision, forms.sparse)
  const view = viewOf(bytes)
  view.setUint32(bodyStart, used, true)
  let at = entriesStart
  for (const slot of slots.sort()) {
    view.setUint32(at, slot, true)
    bytes[at + 4] = registers.get(slot)
    at += entryBytes
  }
  return bytes
}

/** Notes the martingale estimate of one stream in canonical bytes. */
export function setMartingale(bytes: Uint8Array, martingale: number): void {
  bytes[5] = 1
  viewOf(bytes).setFloat64(8, martingale, true)
}

/**
 * The registers of bytes, and the martingale estimate of one stream; null: after a merge, or of canonical bytes.
 *
 * @throws EstimatorError `wrong-kind`, `wrong-version`, `corrupt-bytes`
 */
export function readUllBytes(bytes: Uint8Array): { registers: RegisterStore; martingale: number | null } {
  const view = readHeader(bytes, 'ull', bodyStart)
  const precision = bytes[4]!
  if (precision < leastUllPrecision || precision > mostUllPrecision) {
    throw corrupt('ull', 'a precision from 3 to 26', `${precision}`)
  }
  if (bytes[5]! > 1 || bytes[6]! > 1 || bytes[7] !== 0) {
    throw corrupt('ull', '0 or 1 at bytes 5 and 6, 0 at byte 7', bytes.subarray(5, 8).join())
  }
  const martingale = bytes[5] === 1 ? view.getFloat64(8, true) : null
  if (martingale !== null && !(martingale >= 0 && martingale < Number.POSITIVE_INFINITY)) {
    throw corrupt('ull', 'a martingale estimate from 0', `${martingale}`)
  }
  const registers = bytes[6] === forms.sparse ? readSparse(bytes, precision) : readDense(bytes, precision)
  return { registers, martingale }
}

/** @throws EstimatorError `corrupt-bytes` */
export function checkRegister(register: number, precision: number): void {
  if (isRegister(register, precision)) return
  throw corrupt('ull', `registers that occur at precision ${precision}`, `${register}`)
}

function readDense(bytes: Uint8Array, precision: number): RegisterStore {
  const length = bodyStart + 2 ** precision
  if (bytes.length !== length) throw corrupt('ull', `${length} bytes`, `${bytes.length} bytes`)
  const registers = bytes.subarray(bodyStart)
  for (const register of registers) checkRegister(register, precision)
  return storeOf(registers, precision)
}

function readSparse(bytes: Uint8Array, precision: number): RegisterStore {
  if (bytes.length < entriesStart) throw corrupt('ull', `at least ${entriesStart} bytes`, `${bytes.length}`)
  const view = viewOf(bytes)
  const used = view.getUint32(bodyStart, true)
  if (bytes.length !== entriesStart + entryBytes * used || !isSparse(used, precision)) {
    throw corrupt('ull', `${used} registers of ${entryBytes} bytes`, `${bytes.length - entriesStart} bytes`)
  }
  const registers = new RegisterStore(precision)
  let before = -1
  for (let at = entriesStart; at < bytes.length; at += entryBytes) {
    const slot = view.getUint32(at, true)
    const register = bytes[at + 4]!
    if (slot <= before || slot >= 2 ** precision) {
      throw corrupt('ull', `ascending slots below ${2 ** precision}`, `${slot} behind ${before}`)
    }
    if (register === 0) throw corrupt('ull', 'registers that are not 0', '0')
    checkRegister(register, precision)
    registers.set(slot, register)
    before = slot
  }
  return registers
}

function isSparse(used: number, precision: number): boolean {
  return entriesStart + entryBytes * used < bodyStart + 2 ** precision
}

function withHeader(length: number, precision: number, form: number): Uint8Array {
  const bytes = new Uint8Array(length)
  writeHeader(bytes, 'ull')
  bytes[4] = precision
  bytes[6] = form
  return bytes
}
