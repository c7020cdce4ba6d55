import { PairIds } from './pair-ids.js'

const none = 0xffffffff
// A member costs about 30 bytes in the shared table; from here on a bit for every user of the pool costs less.
const bitsPerMember = 256

/**
 * Many exact sets of users, numbered from 0: small ones share one table of (set, user), a big one becomes
 * a bitset over the pool. So a window that a flipped bit opened costs a few bytes, a full one users / 8.
 */
export class UserSets {
  readonly #words: number
  readonly #promoteAt: number
  readonly #members = new PairIds()
  /** Per member: the member of the same set added before it. */
  #previous = new Uint32Array(64)
  /** Per set: its latest member in the table. */
  #latest = new Uint32Array(64)
  #sizes = new Uint32Array(64)
  readonly #bits: (Uint32Array | undefined)[] = []

  /** @param users size of the pool */
  constructor(users: number) {
    this.#words = Math.ceil(users / 32)
    this.#promoteAt = Math.max(4, Math.ceil(users / bitsPerMember))
  }

  /** Number of users in a set. */
  size(set: number): number {
    return this.#sizes[set] ?? 0
  }

  add(set: number, user: number): void {
    if (set >= this.#sizes.length) this.#growSets(set)
    const bits = this.#bits[set]
    if (bits !== undefined) {
      const word = bits[user >>> 5]!
      if ((word & (1 << (user & 31))) !== 0) return
      bits[user >>> 5] = word | (1 << (user & 31))
      this.#sizes[set]!++
      return
    }
    const known = this.#members.size
    const member = this.#members.id(set, user)
    if (member < known) return
    if (member >= this.#previous.length) this.#previous = grown(this.#previous)
    const size = this.#sizes[set]!
    this.#previous[member] = size === 0 ? none : this.#latest[set]!
    this.#latest[set] = member
    this.#sizes[set] = size + 1
    if (size + 1 >= this.#promoteAt) this.#promote(set)
  }

  #promote(set: number): void {
    const bits = new Uint32Array(this.#words)
    for (let member = this.#latest[set]!; member !== none; member = this.#previous[member]!) {
      const user = this.#members.second(member)
      bits[user >>> 5] = bits[user >>> 5]! | (1 << (user & 31))
    }
    this.#bits[set] = bits
  }

  #growSets(set: number): void {
    while (set >= this.#sizes.length) {
      this.#sizes = grown(this.#sizes)
      this.#latest = grown(this.#latest)
    }
    // A dense array of `undefined` keeps the look-up in the hot path free of holes.
    while (this.#bits.length < this.#sizes.length) this.#bits.push(undefined)
  }
}

/** The same numbers in an array twice as long. */
export function grown(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * array.length)
  larger.set(array)
  return larger
}
