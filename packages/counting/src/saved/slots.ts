/** A piece of a block: one record under its own key. */
export interface Slot {
  readonly number: number
  /** of the record's value */
  readonly bytes: number
}

/**
 * Allocates slots, copy on write: nothing that the last committed step names is overwritten, so a slot that is given up
 * becomes free when the next step is committed, never before.
 */
export class Slots {
  private next = 0
  private free: number[] = []
  private givenUp: number[] = []

  /** A slot that no committed step names. */
  take(): number {
    return this.free.pop() ?? this.next++
  }

  /** A slot that a committed step names is in use. */
  claim(used: Iterable<number>): void {
    const numbers = new Set(used)
    this.next = Math.max(this.next, ...Array.from(numbers, (number) => number + 1))
    for (let number = this.next - 1; number >= 0; number--) if (!numbers.has(number)) this.free.push(number)
  }

  giveUp(slots: readonly Slot[]): void {
    for (const { number } of slots) this.givenUp.push(number)
  }

  /** The step is committed. */
  commit(): void {
    // Lowest last, so that low numbers are reused first and keys stay few.
    this.free = [...this.free, ...this.givenUp].sort((a, b) => b - a)
    this.givenUp = []
  }
}
