import type { CountingSums } from '@card/counting'
import { CountOwner, type OwnedCounting } from './count-owner.js'
import { MergeOwner } from './merge-owner.js'
import { Tally } from './tally.js'

export type Owner = CountOwner | MergeOwner

/** The owners that a worker has or is taking over, by name. */
export class OwnerTable {
  readonly #parts: OwnedCounting
  readonly #owners = new Map<string, Owner>()
  /** What was done with owners that were given up since. */
  readonly #past = new Tally()

  constructor(parts: OwnedCounting) {
    this.#parts = parts
  }

  get size(): number {
    return this.#owners.size
  }

  [Symbol.iterator](): Iterator<Owner> {
    return this.#owners.values()
  }

  get(name: string): Owner | undefined {
    return this.#owners.get(name)
  }

  /** An owner, new when it is not known yet. */
  of(name: string): Owner {
    let owner = this.#owners.get(name)
    if (owner === undefined) {
      owner = name.startsWith('merge/')
        ? new MergeOwner(name, this.#parts)
        : new CountOwner(name, this.#parts)
      this.#owners.set(name, owner)
    }
    return owner
  }

  /** An owner is given up: what was done with it still was done. */
  drop(owner: Owner): void {
    owner.tallyWork(this.#past)
    owner.drop()
  }

  /** What this worker has done since it began, with owners that it has and had. It never goes down. */
  get work(): CountingSums {
    const tally = new Tally()
    tally.add(this.#past)
    for (const owner of this.#owners.values()) owner.tallyWork(tally)
    return tally.sums
  }

  remove(name: string): void {
    this.#owners.delete(name)
  }

  /** A counter that counts here; undefined: it does not, or not yet. */
  counter(name: string): CountOwner | undefined {
    const owner = this.#owners.get(name)
    return owner?.stage === 'count' && owner.life.isOwned ? owner : undefined
  }

  /** A merger that merges here; undefined: it does not, or not yet. */
  merger(name: string): MergeOwner | undefined {
    const owner = this.#owners.get(name)
    return owner?.stage === 'merge' && owner.life.isOwned ? owner : undefined
  }

  get counters(): CountOwner[] {
    const owned: CountOwner[] = []
    for (const owner of this.#owners.values()) {
      if (owner.stage === 'count' && owner.life.isOwned) owned.push(owner)
    }
    return owned
  }

  get mergers(): MergeOwner[] {
    const owned: MergeOwner[] = []
    for (const owner of this.#owners.values()) {
      if (owner.stage === 'merge' && owner.life.isOwned) owned.push(owner)
    }
    return owned
  }

  /** Whether a state is being read back. */
  get isRestoring(): boolean {
    for (const { life } of this.#owners.values()) if (life.takeover === 'restoring') return true
    return false
  }

  /** Whether a group id is in use, so that the others can be freed. */
  isLiveGroup(id: number): boolean {
    return (
      this.counters.some(({ counter }) => counter.isLiveGroup(id)) ||
      this.mergers.some(({ merger }) => merger.isLiveGroup(id))
    )
  }
}
