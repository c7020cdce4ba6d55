import { mix } from '../frames/random.js'

/**
 * Numbers pairs (a, b) in the order they are first seen: a hash table of typed arrays with linear probing, at most
 * half full. 12 bytes a pair for the pair and 8 to 16 for the table.
 */
export class PairIds {
  /** Pairs numbered so far. */
  size = 0
  #slots = new Uint32Array(64)
  #first = new Float64Array(32)
  #second = new Uint32Array(32)

  /** The pair's number; a new one when it equals `size` before the call. @param a a whole number @param b u32 */
  id(a: number, b: number): number {
    const mask = this.#slots.length - 1
    let slot = hash(a, b) & mask
    for (let found = this.#slots[slot]!; found !== 0; found = this.#slots[slot]!) {
      if (this.#first[found - 1] === a && this.#second[found - 1] === b) return found - 1
      slot = (slot + 1) & mask
    }
    const id = this.size++
    this.#slots[slot] = id + 1
    this.#first[id] = a
    this.#second[id] = b
    if (this.size === this.#first.length) this.#grow()
    return id
  }

  first(id: number): number {
    return this.#first[id]!
  }

  second(id: number): number {
    return this.#second[id]!
  }

  #grow(): void {
    const first = new Float64Array(2 * this.#first.length)
    const second = new Uint32Array(2 * this.#second.length)
    first.set(this.#first)
    second.set(this.#second)
    this.#first = first
    this.#second = second
    this.#slots = new Uint32Array(2 * this.#slots.length)
    const mask = this.#slots.length - 1
    for (let id = 0; id < this.size; id++) {
      let slot = hash(first[id]!, second[id]!) & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = id + 1
    }
  }
}

function hash(a: number, b: number): number {
  return mix(Math.imul(a | 0, 0x9e3779b1) ^ mix(b))
}
