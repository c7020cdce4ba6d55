import { SparseRegisters } from './sparse-registers.js'
import { fold, uniteRegisters } from './ull-register.js'

/** A table of the registers in use that takes more than so much of all of them gives way to these. */
const sparseShare = 1 / 2
const none = /* @__PURE__ */ new Uint8Array(0)

/** The registers of an UltraLogLog: a table of those that are not 0 while they are few, then all. Nothing but the memory tells. */
export class RegisterStore {
  /** All of them; of length 0 while there is the table. */
  all: Uint8Array = none
  private few: SparseRegisters | null = null

  constructor(readonly precision: number) {
    if (precision <= SparseRegisters.mostPrecision) this.few = new SparseRegisters()
    else this.all = new Uint8Array(2 ** precision)
  }

  get(slot: number): number {
    return this.few === null ? this.all[slot]! : this.few.get(slot)
  }

  /** @param register not 0 */
  set(slot: number, register: number): void {
    if (this.few === null) {
      this.all[slot] = register
      return
    }
    this.few.set(slot, register)
    if (this.few.byteLength > sparseShare * 2 ** this.precision) this.expand()
  }

  /** Unites a register with another. @param register not 0 */
  unite(slot: number, register: number): void {
    this.set(slot, uniteRegisters(this.get(slot), register))
  }

  /** Unites the registers with those of another store of the same precision. */
  uniteAll(other: RegisterStore): void {
    // A table united with itself must not be walked while it changes; it would not change.
    if (other === this) return
    if (other.few !== null) {
      other.few.forEach((slot, register) => {
        this.unite(slot, register)
      })
      return
    }
    this.expand()
    const { all } = this
    for (let slot = 0; slot < all.length; slot++) all[slot] = uniteRegisters(all[slot]!, other.all[slot]!)
  }

  /** Visits the registers that are not 0, in any order. */
  forEach(visit: (slot: number, register: number) => void): void {
    if (this.few !== null) this.few.forEach(visit)
    else {
      for (let slot = 0; slot < this.all.length; slot++) {
        if (this.all[slot] !== 0) visit(slot, this.all[slot]!)
      }
    }
  }

  /** Counts registers by value, 0 to 255. */
  countInto(counts: Uint32Array): void {
    counts.fill(0)
    if (this.few === null) for (const register of this.all) counts[register]!++
    else {
      this.few.forEach((_, register) => {
        counts[register]!++
      })
      counts[0] = 2 ** this.precision - this.few.size
    }
  }

  /** How many registers are not 0. */
  used(): number {
    if (this.few !== null) return this.few.size
    let used = 0
    for (const register of this.all) if (register !== 0) used++
    return used
  }

  /** A copy of all registers. */
  toArray(): Uint8Array {
    if (this.few === null) return this.all.slice()
    const all = new Uint8Array(2 ** this.precision)
    this.few.forEach((slot, register) => {
      all[slot] = register
    })
    return all
  }

  /** The registers at a lower precision; the store itself at its own. */
  folded(precision: number): RegisterStore {
    return precision === this.precision ? this : storeOf(fold(this.toArray(), precision), precision)
  }

  clone(): RegisterStore {
    const copy = new RegisterStore(this.precision)
    copy.all = this.few === null ? this.all.slice() : none
    copy.few = this.few?.clone() ?? null
    return copy
  }

  get byteLength(): number {
    return this.few === null ? this.all.byteLength : this.few.byteLength
  }

  private expand(): void {
    if (this.few === null) return
    this.all = this.toArray()
    this.few = null
  }
}

/** A store of registers. */
export function storeOf(registers: Uint8Array, precision: number): RegisterStore {
  const store = new RegisterStore(precision)
  for (let slot = 0; slot < registers.length; slot++) {
    if (registers[slot] !== 0) store.set(slot, registers[slot]!)
  }
  return store
}
