/**
 * Finds out which partitions are idle: read to their end **and** quiet for the whole of the timeout. The clock of a
 * partition runs only while it is caught up; a backlog that is read slowly, a pause, or a broker that does not
 * answer stops it. Times are milliseconds of any clock that never goes back.
 */
export class IdleWatch {
  readonly #timeout: number
  /** Since when each partition has been caught up without a record; Infinity: it is not. */
  readonly #quietSince = new Map<string, number>()
  /** Since when each idle partition has been idle; Infinity: its clock begins anew at the next look. */
  readonly #idle = new Map<string, number>()
  /** Idle partitions that have been found to be so for long. */
  readonly #longIdle = new Set<string>()
  /** Since when all have been idle; null: not all are. */
  #silentSince: number | null = null

  /** @param timeout ms; Infinity: none is ever idle */
  constructor(timeout: number) {
    this.#timeout = timeout
  }

  add(partition: string): void {
    this.#quietSince.set(partition, Number.POSITIVE_INFINITY)
    this.markActive(partition)
  }

  remove(partition: string): void {
    this.#quietSince.delete(partition)
    this.#idle.delete(partition)
    this.#longIdle.delete(partition)
  }

  /** A record of the partition came. */
  markActive(partition: string): void {
    this.#quietSince.set(partition, Number.POSITIVE_INFINITY)
    this.#idle.delete(partition)
    this.#longIdle.delete(partition)
    this.#silentSince = null
  }

  /** The clocks begin anew: for a while nothing could have been heard. */
  restart(): void {
    for (const partition of this.#quietSince.keys()) {
      if (!this.#idle.has(partition)) this.#quietSince.set(partition, Number.POSITIVE_INFINITY)
      else this.#idle.set(partition, Number.POSITIVE_INFINITY)
    }
    this.#silentSince = null
  }

  /** What is seen of a partition now. */
  observe(partition: string, caughtUp: boolean, now: number): void {
    const since = this.#quietSince.get(partition)
    if (since === undefined) return
    if (!caughtUp) this.markActive(partition)
    else if (since === Number.POSITIVE_INFINITY) this.#quietSince.set(partition, now)
    else if (this.#idle.get(partition) === Number.POSITIVE_INFINITY) this.#idle.set(partition, now)
  }

  /** The partitions that have been quiet for long enough and are not idle yet. */
  due(now: number): string[] {
    return [...this.#quietSince]
      .filter(([partition, since]) => !this.#idle.has(partition) && now - since >= this.#timeout)
      .map(([partition]) => partition)
  }

  /** A due partition is idle from now on. */
  setIdle(partition: string, now: number): void {
    this.#idle.set(partition, now)
  }

  /** The partitions that have been idle for another timeout; each is reported once, until its next record. */
  longIdle(now: number): string[] {
    const partitions = [...this.#idle]
      .filter(([partition, since]) => !this.#longIdle.has(partition) && now - since >= this.#timeout)
      .map(([partition]) => partition)
    for (const partition of partitions) this.#longIdle.add(partition)
    return partitions
  }

  /** Whether every partition has been idle for another timeout: the stream has fallen silent. To be asked at every look. */
  isSilent(now: number): boolean {
    if (this.#idle.size === 0 || this.#idle.size < this.#quietSince.size) {
      this.#silentSince = null
      return false
    }
    this.#silentSince ??= now
    return now - this.#silentSince >= this.#timeout
  }
}
