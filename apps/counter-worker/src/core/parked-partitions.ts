/**
 * Revoked partitions that may come back: after a broker's restart the group mostly gives them back, and then they go on
 * with their watermark and their held frames. Until then they hold windows back.
 */
export class ParkedPartitions {
  readonly #patience: number
  readonly #since = new Map<string, number>()

  /** @param patience ms for which one is waited for */
  constructor(patience: number) {
    this.#patience = patience
  }

  get size(): number {
    return this.#since.size
  }

  park(partition: string, now: number): void {
    this.#since.set(partition, now)
  }

  /** A partition is assigned again. @returns whether it was parked */
  takeBack(partition: string): boolean {
    return this.#since.delete(partition)
  }

  /** The partitions that are waited for no longer; each is given once. */
  takeExpired(now: number): string[] {
    const expired = [...this.#since].filter(([, since]) => now - since >= this.#patience)
    for (const [partition] of expired) this.#since.delete(partition)
    return expired.map(([partition]) => partition)
  }
}
