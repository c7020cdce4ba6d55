import type { Random } from './random.js'

/**
 * Chooses a whole number in [0, size): each as often as any other, or by Zipf's law, number k with weight
 * (k + 1)^-exponent. Zipf is sampled by rejection-inversion without tables (W. Hörmann and G. Derflinger,
 * "Rejection-inversion to generate variates from monotone discrete distributions", 1996).
 */
export class SkewedChoice {
  readonly #size: number
  readonly #exponent: number
  readonly #first: number
  readonly #last: number
  readonly #shortcut: number

  /** @param exponent 0 is uniform */
  constructor(size: number, exponent: number) {
    this.#size = size
    this.#exponent = exponent
    this.#first = this.#integral(1.5) - 1
    this.#last = this.#integral(size + 0.5)
    this.#shortcut = 2 - this.#inverse(this.#integral(2.5) - this.#weight(2))
  }

  next(random: Random): number {
    if (this.#exponent === 0) return random.below(this.#size)
    for (;;) {
      const area = this.#last + random.fraction() * (this.#first - this.#last)
      const point = this.#inverse(area)
      const rank = Math.min(this.#size, Math.max(1, Math.floor(point + 0.5)))
      if (rank - point <= this.#shortcut || area >= this.#integral(rank + 0.5) - this.#weight(rank))
        return rank - 1
    }
  }

  #weight(x: number): number {
    return Math.exp(-this.#exponent * Math.log(x))
  }

  /** The integral of the weight, (x^(1-e) - 1) / (1 - e), in a form that holds at e = 1 too. */
  #integral(x: number): number {
    const log = Math.log(x)
    const power = (1 - this.#exponent) * log
    return (Math.abs(power) > 1e-8 ? Math.expm1(power) / power : 1 + power / 2) * log
  }

  #inverse(area: number): number {
    const power = Math.max(-1, area * (1 - this.#exponent))
    return Math.exp((Math.abs(power) > 1e-8 ? Math.log1p(power) / power : 1 - power / 2) * area)
  }
}
