import { HyperLogLog, UltraLogLog } from '@card/estimators'
import type { Random } from './random.js'

// How sketches of more values than anyone hashes are made. Their state after n values has a known distribution, so it is
// drawn instead: at once for estimates that depend on the state alone, change by change for those of one stream.

/** A value of HyperLogLog that updates `slot` with `value`. */
function addToHll(sketch: HyperLogLog, slot: number, value: number): void {
  sketch.addHash(slot, 0, value > 32 ? 2 ** (64 - value) : 0, value > 32 ? 0 : 2 ** (32 - value))
}

/** A value of UltraLogLog that updates `slot` with so many leading zeros. */
function addToUll(sketch: UltraLogLog, slot: number, zeros: number): void {
  const bit = 63 - sketch.precision - zeros
  const h1 = (BigInt(slot) << BigInt(64 - sketch.precision)) | (bit >= 0 ? 1n << BigInt(bit) : 0n)
  sketch.addHash(Number(h1 & 0xffffffffn), Number(h1 >> 32n), 0, 0)
}

/** The highest level that Poisson arrivals reach in one register: level z >= 0 has a share of 2^-(z+1). */
function highestLevel(load: number, random: Random): number {
  // P(none above z) = exp(-load 2^-(z+1))
  return Math.max(0, Math.ceil(Math.log2(-load / Math.log(random.uniform()))) - 1)
}

export function drawHll(precision: number, n: number, random: Random): HyperLogLog {
  const sketch = new HyperLogLog({ precision })
  for (let slot = 0; slot < 2 ** precision; slot++) {
    addToHll(sketch, slot, highestLevel(n / 2 ** precision, random) + 1)
  }
  return sketch
}

export function drawUll(precision: number, n: number, random: Random): UltraLogLog {
  const sketch = new UltraLogLog({ precision })
  const load = n / 2 ** precision
  for (let slot = 0; slot < 2 ** precision; slot++) {
    const top = highestLevel(load, random)
    for (let level = Math.max(0, top - 2); level <= top; level++) {
      if (level === top || random.uniform() < -Math.expm1(-load * 2 ** -(level + 1)))
        addToUll(sketch, slot, level)
    }
  }
  return sketch
}

/** One stream into a small HyperLogLog: `n` grows from change to change of its registers. */
export function walkHll(
  precision: number,
  random: Random,
  points: readonly number[],
  visit: (sketch: HyperLogLog, n: number) => void,
): void {
  const sketch = new HyperLogLog({ precision })
  const registers = 2 ** precision
  const values = new Uint8Array(registers)
  let rate = registers
  let n = 0
  for (const point of points) {
    for (;;) {
      const next = n + random.waiting(Math.min(rate / registers, 1 - 1e-15))
      // The geometric distribution has no memory: a jump beyond the point is drawn anew from it.
      if (next > point) break
      n = next
      let slot = 0
      do slot = random.word() & (registers - 1)
      while (random.uniform() >= 2 ** -values[slot]! / mostRate(values))
      const value = values[slot]! + random.geometric()
      rate += 2 ** -value - 2 ** -values[slot]!
      values[slot] = value
      addToHll(sketch, slot, value)
    }
    n = point
    visit(sketch, point)
  }
}

function mostRate(values: Uint8Array): number {
  let least = 255
  for (const value of values) if (value < least) least = value
  return 2 ** -least
}

/** One stream into a small UltraLogLog. */
export function walkUll(
  precision: number,
  random: Random,
  points: readonly number[],
  visit: (sketch: UltraLogLog, n: number) => void,
): void {
  const sketch = new UltraLogLog({ precision })
  const registers = 2 ** precision
  let n = 0
  for (const point of points) {
    for (;;) {
      const weights = Array.from(sketch.toRegisters(), (register) => changes(register, precision))
      const rate = weights.reduce((sum, { total }) => sum + total, 0)
      const next = n + random.waiting(Math.min(rate / registers, 1 - 1e-15))
      if (next > point) break
      n = next
      let draw = random.uniform() * rate
      let slot = 0
      while (slot < registers - 1 && draw >= weights[slot]!.total) draw -= weights[slot++]!.total
      const { above, below, twoBelow, top } = weights[slot]!
      const part = random.uniform() * (above + below + twoBelow)
      addToUll(
        sketch,
        slot,
        part < above ? top + random.geometric() : part < above + below ? top - 1 : top - 2,
      )
    }
    n = point
    visit(sketch, point)
  }
}

/** The shares of values that change a register: above its highest level, one below it, two below it. */
function changes(register: number, precision: number) {
  if (register === 0) return { above: 1, below: 0, twoBelow: 0, top: -1, total: 1 }
  const top = (register >> 2) - precision + 1
  const above = 2 ** -(top + 1)
  const below = top >= 1 && (register & 2) === 0 ? 2 ** -top : 0
  const twoBelow = top >= 2 && (register & 1) === 0 ? 2 ** -(top - 1) : 0
  return { above, below, twoBelow, top, total: above + below + twoBelow }
}
