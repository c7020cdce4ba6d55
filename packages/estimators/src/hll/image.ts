import { EstimatorError } from '../errors.js'
import { corrupt, viewOf } from '../header.js'
import { slotBits } from './coupon.js'
import { Coupons, listLength, setBits } from './coupons.js'
import { mostRegister } from './register-estimate.js'
import { Registers8 } from './registers8.js'

export type HllState = Coupons | Registers8

// Apache DataSketches HLL, serialization version 1:
//   0 preamble ints (2 list, 3 set, 10 registers)   4 log2 of the places       8 list: coupons | set: u32 count
//   1 serialization version 1                       5 flags                    8 registers: f64 hip, 16 f64 sum < 32,
//   2 family 7                                      6 list count | least      24 f64 sum >= 32, 32 u32 registers at
//   3 log2 of the registers                         7 mode | type << 2        least, 36 u32 exceptions, 40 registers
const preamble = { list: 2, set: 3, registers: 10 }
const modes = { list: 0, set: 1, registers: 2 }
const flags = { empty: 4, compact: 8, outOfOrder: 16 }
const typeHll8 = 2
const listStart = 8
const setStart = 12
const registersStart = 40
/** Bits of the largest set: a precision of 21 goes over to registers from a set of 2^18 places. */
const mostSetBits = 18

/** The compact image of the state as it is. */
export function writeImage(state: HllState): Uint8Array {
  if (state instanceof Coupons) return couponImage(state, state.toArray())
  return registerImage(state, state.outOfOrder ? flags.outOfOrder : 0, state.hip, state.least, state.atLeast)
}

/** The compact image as a function of the set of values alone. */
export function canonicalImage(state: HllState): Uint8Array {
  if (state instanceof Coupons) return couponImage(state, state.toArray().sort())
  const zeros = state.least === 0 ? state.atLeast : 0
  return registerImage(state, flags.outOfOrder, 0, 0, zeros)
}

function couponImage(state: Coupons, coupons: Uint32Array): Uint8Array {
  const start = state.isSet ? setStart : listStart
  const bytes = new Uint8Array(start + 4 * coupons.length)
  const view = writePreamble(bytes, state.isSet ? 'set' : 'list', state.precision)
  bytes[4] = state.bits
  bytes[5] = flags.compact | (coupons.length === 0 ? flags.empty : 0)
  if (state.isSet) view.setUint32(8, coupons.length, true)
  else bytes[6] = coupons.length
  for (let i = 0; i < coupons.length; i++) view.setUint32(start + 4 * i, coupons[i]!, true)
  return bytes
}

function registerImage(
  state: Registers8,
  flag: number,
  hip: number,
  least: number,
  atLeast: number,
): Uint8Array {
  const bytes = new Uint8Array(registersStart + state.values.length)
  const view = writePreamble(bytes, 'registers', state.precision)
  bytes[5] = flag
  bytes[6] = least
  view.setFloat64(8, hip, true)
  view.setFloat64(16, state.smallSum, true)
  view.setFloat64(24, state.largeSum, true)
  view.setUint32(32, atLeast, true)
  bytes.set(state.values, registersStart)
  return bytes
}

function writePreamble(bytes: Uint8Array, mode: keyof typeof modes, precision: number): DataView {
  bytes[0] = preamble[mode]
  bytes[1] = 1
  bytes[2] = 7
  bytes[3] = precision
  bytes[7] = modes[mode] | (typeHll8 << 2)
  return viewOf(bytes)
}

/**
 * Reads compact and updatable images, as Java (which leaves the compact flag out for registers) and C++ write them.
 * Every length is checked before anything is allocated.
 *
 * @throws EstimatorError `wrong-kind`, `wrong-version`, `corrupt-bytes`
 */
export function readImage(bytes: Uint8Array): HllState {
  if (!(bytes instanceof Uint8Array)) {
    throw new EstimatorError('wrong-kind', `expected a Uint8Array, found ${typeof bytes}`)
  }
  if (bytes.length < listStart) throw corrupt('hll', 'at least 8 bytes', `${bytes.length}`)
  if (bytes[2] !== 7) {
    throw new EstimatorError(
      'wrong-kind',
      `expected an Apache DataSketches HLL image, whose byte 2 is 7, found ${bytes[2]}: use the class that wrote it`,
    )
  }
  if (bytes[1] !== 1) {
    throw new EstimatorError('wrong-version', `expected serialization version 1, found ${bytes[1]}`)
  }
  const precision = bytes[3]!
  if (precision < 4 || precision > 21) throw corrupt('hll', 'a precision from 4 to 21', `${precision}`)
  const mode = bytes[7]! & 3
  const type = (bytes[7]! >> 2) & 3
  if (type !== typeHll8) throw corrupt('hll', 'the type HLL_8', `HLL_${[4, 6, 8, '?'][type]}`)
  const expected = [preamble.list, preamble.set, preamble.registers][mode]
  if (bytes[0] !== expected) {
    throw corrupt('hll', `the preamble of mode ${mode}`, `a length of ${bytes[0]} ints`)
  }
  if (mode === modes.list) return readCoupons(bytes, precision, listStart, bytes[6]!, listLength)
  if (mode === modes.registers) return readRegisters(bytes, precision)
  if (bytes.length < setStart) throw corrupt('hll', 'at least 12 bytes', `${bytes.length}`)
  const setPlaces = 2 ** Math.min(bytes[4]!, mostSetBits)
  return readCoupons(bytes, precision, setStart, viewOf(bytes).getUint32(8, true), setPlaces)
}

function readCoupons(
  bytes: Uint8Array,
  precision: number,
  start: number,
  count: number,
  places: number,
): Coupons {
  const compact = (bytes[5]! & flags.compact) !== 0
  const written = compact ? count : places
  if (bytes.length !== start + 4 * written) {
    throw corrupt('hll', `${start + 4 * written} bytes for ${written} coupons`, `${bytes.length}`)
  }
  const view = viewOf(bytes)
  const coupons = new Coupons(precision)
  if (start === listStart && count >= listLength) throw corrupt('hll', 'a list of at most 7', `${count}`)
  if (start === setStart) {
    const least = precision < 8 ? Number.POSITIVE_INFINITY : listLength
    if (count < least || setBits(count) > Math.max(5, precision - 3)) {
      throw corrupt('hll', `a set that precision ${precision} may hold`, `${count} coupons`)
    }
  }
  for (let i = 0; i < written; i++) {
    const coupon = view.getUint32(start + 4 * i, true)
    if (coupon === 0 && !compact) continue
    if (coupon >>> slotBits === 0) throw corrupt('hll', 'coupons with a value', `${coupon}`)
    if (coupons.add(coupon)) throw corrupt('hll', `${count} coupons`, 'more than the mode holds')
  }
  if (coupons.count !== count) throw corrupt('hll', `${count} different coupons`, `${coupons.count}`)
  return coupons
}

function readRegisters(bytes: Uint8Array, precision: number): Registers8 {
  const length = registersStart + 2 ** precision
  if (bytes.length !== length) {
    throw corrupt('hll', `${length} bytes for precision ${precision}`, `${bytes.length}`)
  }
  const view = viewOf(bytes)
  const hip = view.getFloat64(8, true)
  if (!(hip >= 0 && hip < Number.POSITIVE_INFINITY)) throw corrupt('hll', 'a HIP estimate from 0', `${hip}`)
  const registers = new Registers8(precision)
  registers.values.set(bytes.subarray(registersStart))
  for (const value of registers.values) {
    if (value > mostRegister) throw corrupt('hll', `registers up to ${mostRegister}`, `${value}`)
  }
  registers.recount()
  registers.hip = hip
  registers.outOfOrder = (bytes[5]! & flags.outOfOrder) !== 0
  // Only a union states another least register than 0; the counts that follow from the registers are trusted more.
  if (bytes[6] === 0 && registers.least !== 0) {
    registers.least = 0
    registers.atLeast = 0
  }
  return registers
}
