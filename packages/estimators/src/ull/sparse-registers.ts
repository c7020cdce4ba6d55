const leastEntries = 4

/**
 * The registers of an UltraLogLog that are not 0, while they are few: a hash table of words, the slot in the upper 24
 * bits and the register in the lower 8. Slots are bits of a hash, so the table needs none of its own.
 */
export class SparseRegisters {
  /** Highest precision whose slots fit. */
  static readonly mostPrecision = 24

  /** Registers that are not 0. */
  size = 0
  private entries = new Int32Array(leastEntries)

  /** The register of a slot; 0: none. */
  get(slot: number): number {
    return this.entries[this.placeOf(slot)]! & 0xff
  }

  /** @param register not 0 */
  set(slot: number, register: number): void {
    const at = this.placeOf(slot)
    const isNew = this.entries[at] === 0
    this.entries[at] = (slot << 8) | register
    if (!isNew) return
    this.size++
    if (4 * this.size > 3 * this.entries.length) this.grow()
  }

  forEach(visit: (slot: number, register: number) => void): void {
    for (const entry of this.entries) if (entry !== 0) visit(entry >>> 8, entry & 0xff)
  }

  /** Bytes of the table. */
  get byteLength(): number {
    return this.entries.byteLength
  }

  clone(): SparseRegisters {
    const copy = new SparseRegisters()
    copy.size = this.size
    copy.entries = this.entries.slice()
    return copy
  }

  private placeOf(slot: number): number {
    const { entries } = this
    const mask = entries.length - 1
    let at = slot & mask
    for (;;) {
      const entry = entries[at]!
      if (entry === 0 || entry >>> 8 === slot) return at
      at = (at + 1) & mask
    }
  }

  private grow(): void {
    const before = this.entries
    this.entries = new Int32Array(2 * before.length)
    for (const entry of before) if (entry !== 0) this.entries[this.placeOf(entry >>> 8)] = entry
  }
}
