/** How registers are stored: bits of a register. Estimates do not depend on it; HLL_4 is half of HLL_8 and slower. */
export type HllType = 'HLL_4' | 'HLL_6' | 'HLL_8'

/** In the order of their codes in an image. */
export const hllTypes: readonly HllType[] = ['HLL_4', 'HLL_6', 'HLL_8']

/** The greatest register: one more than the leading zeros of h2, capped. */
export const mostRegister = 63
