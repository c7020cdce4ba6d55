/**
 * The generator's only source of chance: xoshiro128** (Blackman and Vigna, "Scrambled linear
 * pseudorandom number generators", 2018) on 32-bit integers, so that a seed gives the same stream on every engine.
 */
export class Random {
  #a: number
  #b: number
  #c: number
  #d: number

  /** @param seed u32 @param stream u32; streams of one seed are independent of each other */
  constructor(seed: number, stream: number) {
    // The state is filled by a mixed counter, as the authors advise: never all zero, and far apart for near seeds.
    let counter = mix(seed ^ Math.imul(stream, 0x9e3779b9))
    const word = () => {
      counter = (counter + 0x9e3779b9) | 0
      return mix(counter)
    }
    this.#a = word()
    this.#b = word()
    this.#c = word()
    this.#d = word() | 1
  }

  /** The next 32 bits as a signed integer, which the engine keeps unboxed. */
  bits(): number {
    let result = Math.imul(this.#b, 5)
    result = Math.imul((result << 7) | (result >>> 25), 9)
    const shifted = this.#b << 9
    this.#c ^= this.#a
    this.#d ^= this.#b
    this.#b ^= this.#c
    this.#a ^= this.#d
    this.#c ^= shifted
    this.#d = (this.#d << 11) | (this.#d >>> 21)
    return result
  }

  /** A whole number in [0, limit); its bias is at most limit / 2^32. */
  below(limit: number): number {
    return Math.floor(((this.bits() >>> 0) / 4294967296) * limit)
  }

  /** A number in [0, 1) of 53 bits. */
  fraction(): number {
    const high = this.bits() >>> 5
    return (high * 67108864 + (this.bits() >>> 6)) / 9007199254740992
  }

  /** True with the probability of `threshold(percent)`. */
  happens(threshold: number): boolean {
    return this.bits() >>> 0 < threshold
  }
}

/** The threshold of `happens` for a percentage; 100 is always true. */
export function threshold(percent: number): number {
  return Math.round((percent / 100) * 4294967296)
}

/** The finalizer of MurmurHash3 x86_32 (Appleby): a bijection on 32 bits. */
export function mix(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}
