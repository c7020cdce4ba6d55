/** Coupons and registers take the low 26 bits of h1 as the slot, and the leading zeros of h2 as the value. */
export const slotBits = 26
export const slotMask = 0x3ffffff

/** The register value of a hash, 1 to 63. */
export function registerValue(w2: number, w3: number): number {
  if (w3 !== 0) return Math.clz32(w3) + 1
  const zeros = 32 + Math.clz32(w2)
  return zeros < 62 ? zeros + 1 : 63
}

/**
 * A coupon as Apache DataSketches keeps it: value (6 bits), slot (26 bits). Never 0. It is an int32, because V8 allocates
 * a number object for each greater one that is handed to a function (2025).
 */
export function couponOf(w0: number, w2: number, w3: number): number {
  return (registerValue(w2, w3) << slotBits) | (w0 & slotMask)
}
