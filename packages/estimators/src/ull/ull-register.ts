/**
 * The union of two UltraLogLog registers. A register other than 0 is 4u plus two bits: the highest update seen was u,
 * u - 1 was seen (2), u - 2 was seen (1).
 */
export function uniteRegisters(a: number, b: number): number {
  const high = Math.max(a, b)
  const low = Math.min(a, b)
  const distance = (high >>> 2) - (low >>> 2)
  // Bits three or more below the highest update are forgotten; a shift by 32 or more would not be one.
  if (low === 0 || distance > 2) return high
  return distance === 0 ? high | low : high | (((4 | (low & 3)) >>> distance) & 3)
}

/** Whether a register can occur at this precision: 0, 4p-4, 4p, 4p+2, and 4p+4 to 255. */
export function isRegister(value: number, precision: number): boolean {
  const first = 4 * precision - 4
  return value === 0 || value === first || value === first + 4 || value === first + 6 || value >= first + 8
}

const tables = /* @__PURE__ */ new Map<number, Float64Array>()

/** By register, the probability that the next new value changes a sketch of this precision at this register. */
export function changeProbabilities(precision: number): Float64Array {
  let table = tables.get(precision)
  if (table === undefined) {
    table = Float64Array.from({ length: 256 }, (_, register) => changeProbability(register, precision))
    tables.set(precision, table)
  }
  return table
}

function changeProbability(register: number, precision: number): number {
  if (register === 0) return 2 ** -precision
  const shift = 62 + precision - (register >>> 2)
  const unseen = (((register & 2) | ((register & 1) << 2)) ^ 7) >>> 0
  const word = BigInt.asUintN(64, BigInt(unseen) << BigInt(Math.max(shift, 0))) >> BigInt(precision)
  return Number(word) / 2 ** 64
}

/** The registers at a lower precision; never the array given when it is lower, and the array itself when it is not. */
export function fold(registers: Uint8Array, precision: number): Uint8Array {
  const from = 31 - Math.clz32(registers.length)
  if (from === precision) return registers
  const group = 2 ** (from - precision)
  return Uint8Array.from({ length: 2 ** precision }, (_, slot) => {
    // Only the first of a group has zeros in the bits it loses; those of the others hold their highest one.
    let folded = registers[slot * group]!
    for (let j = 1; j < group; j++) {
      if (registers[slot * group + j] === 0) continue
      const bitLength = 32 - Math.clz32(j)
      folded = uniteRegisters(folded, (from - 1 - bitLength) << 2)
    }
    return folded
  })
}
