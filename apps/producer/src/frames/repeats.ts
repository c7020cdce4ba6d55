/** What is known of a line without reading it: its outcome code (0 = counted, else 1 + the malformed kind) and its event. */
export interface LineFacts {
  outcome: number
  second: number
  user: number
  group: number
}

interface Waiting extends LineFacts {
  due: number
  bytes: Uint8Array
  length: number
}

/** A repeat follows its line by at most this many frames. */
export const longestDelay = 32

/**
 * Lines that are to be sent once more. They leave in the order they came, so at most `longestDelay + 1` wait,
 * in slots whose buffers are used again.
 */
export class Repeats {
  readonly #slots: Waiting[] = Array.from({ length: longestDelay + 1 }, () => ({
    due: 0,
    outcome: 0,
    second: 0,
    user: 0,
    group: 0,
    bytes: new Uint8Array(0),
    length: 0,
  }))
  #first = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Keeps a line until the stream has reached frame `due`, or the repeats before it have left. */
  add(line: Uint8Array, facts: LineFacts, due: number): void {
    const slot = this.#slots[(this.#first + this.#size) % this.#slots.length]!
    if (slot.bytes.length < line.length) slot.bytes = new Uint8Array(line.length + 256)
    slot.bytes.set(line)
    slot.length = line.length
    Object.assign(slot, facts, { due: Math.max(due, this.#size > 0 ? this.#last().due : 0) })
    this.#size++
  }

  /** True when a repeat must be written before frame `next`. */
  due(next: number): boolean {
    return this.#size > 0 && this.#slots[this.#first]!.due <= next
  }

  /** Writes the oldest repeat and copies its facts. @returns the position after it */
  write(target: Uint8Array, at: number, facts: LineFacts): number {
    const slot = this.#slots[this.#first]!
    this.#first = (this.#first + 1) % this.#slots.length
    this.#size--
    target.set(slot.bytes.subarray(0, slot.length), at)
    facts.outcome = slot.outcome
    facts.second = slot.second
    facts.user = slot.user
    facts.group = slot.group
    return at + slot.length
  }

  #last(): Waiting {
    return this.#slots[(this.#first + this.#size - 1) % this.#slots.length]!
  }
}
