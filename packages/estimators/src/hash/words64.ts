// 64-bit words as two signed 32-bit halves: V8 keeps int32 arithmetic in registers, while BigInt allocates
// (V8 11 to 13, 2023-2025). Each function returns one half, so nothing is returned through memory.

/** The high half of the low 64 bits of a * b; the low half is Math.imul(aLow, bLow). */
export function multiplyHigh(aLow: number, aHigh: number, bLow: number, bHigh: number): number {
  const a0 = aLow & 0xffff
  const a1 = aLow >>> 16
  const b0 = bLow & 0xffff
  const b1 = bLow >>> 16
  const middle = (Math.imul(a1, b0) + (Math.imul(a0, b0) >>> 16)) | 0
  const carried = (Math.imul(a0, b1) + (middle & 0xffff)) | 0
  return (
    (Math.imul(a1, b1) +
      (middle >>> 16) +
      (carried >>> 16) +
      Math.imul(aLow, bHigh) +
      Math.imul(aHigh, bLow)) |
    0
  )
}

/** The carry, 0 or 1, out of the low halves of a + b whose 32-bit sum is `sum`. */
export function carryOf(a: number, b: number, sum: number): number {
  return ((a & b) | ((a | b) & ~sum)) >>> 31
}
