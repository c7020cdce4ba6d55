import { checkBytes } from '../checks.js'
import { EstimatorError } from '../errors.js'
import { corrupt, viewOf } from '../header.js'
import { slotBits, slotMask } from './coupon.js'
import { Coupons, isSetOf, listLength } from './coupons.js'
import { Exceptions, exceptionBits } from './exceptions.js'
import type { HllState } from './hll-state.js'
import { type HllType, hllTypes, mostRegister } from './hll-type.js'
import { flags, listStart, modes, preamble, registersStart, setStart } from './image.js'
import type { Registers } from './registers.js'
import { exceptionNibble, Registers4 } from './registers4.js'
import { packedLength, Registers6 } from './registers6.js'
import { Registers8 } from './registers8.js'

/** Bits of the largest table of coupons or exceptions that any precision reaches. */
const mostTableBits = 21

/**
 * Reads compact and updatable images, as Java (which leaves the compact flag out for registers of six and eight bits)
 * and C++ write them. Every length is checked before anything is allocated.
 *
 * @throws EstimatorError `wrong-kind`, `wrong-version`, `corrupt-bytes`
 */
export function readImage(bytes: Uint8Array): HllState {
  checkBytes(bytes)
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
  const type = hllTypes[(bytes[7]! >> 2) & 3]
  if (type === undefined) throw corrupt('hll', 'a type from 0 to 2', '3')
  const mode = bytes[7]! & 3
  if (bytes[0] !== [preamble.list, preamble.set, preamble.hll][mode]) {
    throw corrupt('hll', `the preamble of mode ${mode}`, `one of ${bytes[0]} ints`)
  }
  if (mode === modes.hll) return readRegisters(bytes, precision, type)
  return readCoupons(bytes, precision, type, mode === modes.set)
}

function readCoupons(bytes: Uint8Array, precision: number, type: HllType, isSet: boolean): Coupons {
  if (isSet && bytes.length < setStart) throw corrupt('hll', 'at least 12 bytes', `${bytes.length}`)
  const view = viewOf(bytes)
  const start = isSet ? setStart : listStart
  const count = isSet ? view.getUint32(8, true) : bytes[6]!
  if (isSet ? !isSetOf(precision, count) : count >= listLength) {
    throw corrupt(
      'hll',
      `a ${isSet ? 'set' : 'list'} that precision ${precision} may hold`,
      `${count} coupons`,
    )
  }
  const compact = (bytes[5]! & flags.compact) !== 0
  const written = compact ? count : isSet ? 2 ** Math.min(bytes[4]!, mostTableBits) : listLength
  if (bytes.length !== start + 4 * written) {
    throw corrupt('hll', `${start + 4 * written} bytes for ${written} coupons`, `${bytes.length}`)
  }
  const coupons = new Coupons(precision, type)
  for (let i = 0; i < written; i++) {
    const coupon = view.getUint32(start + 4 * i, true)
    if (coupon === 0 && !compact) continue
    if (coupon >>> slotBits === 0) throw corrupt('hll', 'coupons with a value', `${coupon}`)
    coupons.addCoupon(coupon | 0)
    if (coupons.count > count) break
  }
  if (coupons.count !== count) throw corrupt('hll', `${count} different coupons`, `${coupons.count}`)
  if (isSet && !compact) {
    coupons.takePlaces(Int32Array.from({ length: written }, (_, at) => view.getInt32(start + 4 * at, true)))
  }
  return coupons
}

function readRegisters(bytes: Uint8Array, precision: number, type: HllType): Registers {
  const body =
    type === 'HLL_8' ? 2 ** precision : type === 'HLL_6' ? packedLength(precision) : 2 ** precision / 2
  const end = registersStart + body
  if (bytes.length < end || (type !== 'HLL_4' && bytes.length > end)) {
    throw corrupt('hll', `${end} bytes for ${type} of precision ${precision}`, `${bytes.length}`)
  }
  const view = viewOf(bytes)
  const hip = view.getFloat64(8, true)
  if (!(hip >= 0 && hip < Number.POSITIVE_INFINITY)) throw corrupt('hll', 'a HIP estimate from 0', `${hip}`)
  const packed = bytes.slice(registersStart, end)
  const registers =
    type === 'HLL_8'
      ? registers8(precision, packed)
      : type === 'HLL_6'
        ? new Registers6(precision, packed)
        : registers4(precision, packed, bytes, end)
  // What follows from the registers is computed from them; bytes that state something else change nothing.
  registers.recount()
  if (type === 'HLL_4') registers.recountLeast()
  else takeUnionFields(registers, view)
  registers.hip = hip
  registers.outOfOrder = (bytes[5]! & flags.outOfOrder) !== 0
  return registers
}

/** What images of unions state besides: it depends on the order of updates and is only kept to be stated again. */
function takeUnionFields(registers: Registers, view: DataView): void {
  const least = view.getUint8(6)
  const atLeast = view.getUint32(32, true)
  if (least > 0 && atLeast <= 2 ** registers.precision) {
    registers.recountLeast()
    if (least <= registers.least) {
      registers.least = least
      registers.atLeast = atLeast
    }
  }
  if (!(registers instanceof Registers8)) return
  const misplaced = view.getFloat64(16, true) - registers.smallSum
  if (Number.isInteger(misplaced) && misplaced > 0 && misplaced <= registers.countHigh())
    registers.misplaced = misplaced
}

function registers8(precision: number, values: Uint8Array): Registers8 {
  for (const value of values) {
    if (value > mostRegister) throw corrupt('hll', `registers up to ${mostRegister}`, `${value}`)
  }
  return new Registers8(precision, values)
}

function registers4(precision: number, packed: Uint8Array, bytes: Uint8Array, start: number): Registers4 {
  const view = viewOf(bytes)
  const compact = (bytes[5]! & flags.compact) !== 0
  const count = view.getUint32(36, true)
  // A fresh table of an updatable image is written though nothing is in it, and its size is not stated then.
  const bits = bytes[4] === 0 ? exceptionBits(precision, 0) : Math.min(bytes[4]!, mostTableBits)
  const written = compact ? count : 2 ** bits
  if (bytes.length !== start + 4 * written) {
    throw corrupt('hll', `${start + 4 * written} bytes with ${written} exceptions`, `${bytes.length}`)
  }
  const registers = new Registers4(precision, packed)
  registers.least = bytes[6]!
  if (registers.least > mostRegister) throw corrupt('hll', 'a least register up to 63', `${bytes[6]}`)
  const table = new Exceptions(compact ? exceptionBits(precision, written) : bits)
  for (let at = start; at < bytes.length; at += 4) {
    const entry = view.getUint32(at, true)
    if (entry === 0 && !compact) continue
    const slot = entry & slotMask
    const value = entry >>> slotBits
    const fits = slot < 2 ** precision && registers.nibble(slot) === exceptionNibble
    if (!fits || value < registers.least + exceptionNibble || table.get(slot) !== 0) {
      throw corrupt('hll', 'exceptions of registers that are marked', `${value} for register ${slot}`)
    }
    table.set(slot, value)
  }
  if (table.count !== count) throw corrupt('hll', `${count} exceptions`, `${table.count}`)
  registers.exceptions = count === 0 ? null : table
  checkNibbles(registers, count)
  return registers
}

function checkNibbles(registers: Registers4, exceptions: number): void {
  let marked = 0
  let atLeast = 0
  for (let slot = 0; slot < 2 ** registers.precision; slot++) {
    const nibble = registers.nibble(slot)
    if (nibble === exceptionNibble) marked++
    else if (nibble === 0) atLeast++
    if (nibble !== exceptionNibble && nibble + registers.least > mostRegister) {
      throw corrupt('hll', `registers up to ${mostRegister}`, `${nibble + registers.least}`)
    }
  }
  if (marked !== exceptions) throw corrupt('hll', `${marked} exceptions`, `${exceptions}`)
  if (atLeast === 0) throw corrupt('hll', 'a register at the least value stated', 'none')
}
