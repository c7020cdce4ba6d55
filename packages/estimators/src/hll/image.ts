import { viewOf } from '../header.js'
import { Coupons } from './coupons.js'
import { leastExceptionBits } from './exceptions.js'
import type { HllState } from './hll-state.js'
import { type HllType, hllTypes } from './hll-type.js'
import type { Registers } from './registers.js'
import { Registers4 } from './registers4.js'
import { Registers6 } from './registers6.js'
import { Registers8 } from './registers8.js'

// Apache DataSketches HLL, serialization version 1:
//   0 preamble ints (2 list, 3 set, 10 registers)   4 log2 of the places       8 list: coupons | set: u32 count
//   1 serialization version 1                       5 flags                    8 registers: f64 hip, 16 f64 sum < 32,
//   2 family 7                                      6 list count | least      24 f64 sum >= 32, 32 u32 registers at
//   3 log2 of the registers                         7 mode | type << 2        least, 36 u32 exceptions, 40 registers
export const preamble = { list: 2, set: 3, hll: 10 }
export const modes = { list: 0, set: 1, hll: 2 }
export const flags = { empty: 4, compact: 8, outOfOrder: 16 }
export const listStart = 8
export const setStart = 12
export const registersStart = 40

/** The image of the state as it is; updatable images hold hash tables whole, compact ones without free places. */
export function writeImage(state: HllState, compact: boolean): Uint8Array {
  if (state instanceof Coupons) return couponImage(state, compact ? state.toArray() : state.places, compact)
  state.settle()
  const body = bodyOf(state)
  const exceptions = state instanceof Registers4 ? state.exceptions : null
  const free = state instanceof Registers4 && !compact ? 2 ** leastExceptionBits(state.precision) : 0
  const places = exceptions === null ? new Uint32Array(free) : exceptions.places
  const written = compact ? places.filter((entry) => entry !== 0) : places
  const bytes = new Uint8Array(registersStart + body.length + 4 * written.length)
  const view = writeRegisters(bytes, state, state.type, body)
  bytes[4] = exceptions?.bits ?? 0
  // Java leaves the compact flag out of HLL_6 and HLL_8, whose two forms are the same; C++ and Python set it.
  bytes[5] =
    (state.outOfOrder ? flags.outOfOrder : 0) | (compact && state.type === 'HLL_4' ? flags.compact : 0)
  bytes[6] = state.least
  view.setFloat64(8, state.hip, true)
  if (state instanceof Registers8) {
    view.setFloat64(16, state.smallSum + state.misplaced, true)
    view.setFloat64(24, state.largeSum - state.misplaced, true)
  }
  view.setUint32(32, state.atLeast, true)
  view.setUint32(36, exceptions?.count ?? 0, true)
  writeWords(view, registersStart + body.length, written)
  return bytes
}

/** The compact HLL_8 image as a function of the set of values alone. */
export function canonicalImage(state: HllState): Uint8Array {
  if (state instanceof Coupons)
    return couponImage(
      state.clone('HLL_8'),
      new Int32Array(new Uint32Array(state.toArray().buffer).sort().buffer),
      true,
    )
  const values = state.expand()
  const bytes = new Uint8Array(registersStart + values.length)
  const view = writeRegisters(bytes, state, 'HLL_8', values)
  bytes[5] = flags.outOfOrder
  view.setUint32(32, state.zeros, true)
  return bytes
}

function couponImage(state: Coupons, coupons: Int32Array, compact: boolean): Uint8Array {
  const mode = state.isSet ? 'set' : 'list'
  const start = state.isSet ? setStart : listStart
  const bytes = new Uint8Array(start + 4 * coupons.length)
  const view = writePreamble(bytes, mode, state.precision, state.type)
  bytes[4] = state.bits
  bytes[5] = (compact ? flags.compact : 0) | (state.count === 0 ? flags.empty : 0)
  if (state.isSet) view.setUint32(8, state.count, true)
  else bytes[6] = state.count
  writeWords(view, start, coupons)
  return bytes
}

function writeRegisters(bytes: Uint8Array, state: Registers, type: HllType, body: Uint8Array): DataView {
  const view = writePreamble(bytes, 'hll', state.precision, type)
  view.setFloat64(16, state.smallSum, true)
  view.setFloat64(24, state.largeSum, true)
  bytes.set(body, registersStart)
  return view
}

function bodyOf(state: Registers): Uint8Array {
  return state instanceof Registers4 || state instanceof Registers6 ? state.packed : state.expand()
}

function writePreamble(
  bytes: Uint8Array,
  mode: keyof typeof modes,
  precision: number,
  type: HllType,
): DataView {
  bytes[0] = preamble[mode]
  bytes[1] = 1
  bytes[2] = 7
  bytes[3] = precision
  bytes[7] = modes[mode] | (hllTypes.indexOf(type) << 2)
  return viewOf(bytes)
}

function writeWords(view: DataView, start: number, words: Uint32Array | Int32Array): void {
  for (let i = 0; i < words.length; i++) view.setUint32(start + 4 * i, words[i]!, true)
}
