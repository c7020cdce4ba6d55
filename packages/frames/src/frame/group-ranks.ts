/** The order of ids, kept up to date by merging in those that have come since it was asked for last. */
export class GroupRanks {
  /** In order, the null group not among them. */
  #sorted = new Uint32Array(0)
  #ranks = new Uint32Array(1)
  #added: number[] = []
  #isStale = false
  readonly #compare: (a: number, b: number) => number

  constructor(compare: (a: number, b: number) => number) {
    this.#compare = compare
  }

  /** An id has come. */
  add(id: number): void {
    this.#added.push(id)
    this.#isStale = true
  }

  /** Forgets ids, before they are given to others. */
  keep(isKept: (id: number) => boolean): void {
    this.#sorted = this.#sorted.filter(isKept)
    this.#added = this.#added.filter(isKept)
    this.#isStale = true
  }

  /** The place of each id by id, from 1 on; of the null group, whose id is 0, it is 0. */
  ranks(): Uint32Array {
    if (this.#isStale) this.#merge()
    this.#isStale = false
    return this.#ranks
  }

  #merge(): void {
    const added = this.#added.sort(this.#compare)
    this.#added = []
    const before = this.#sorted
    const sorted = new Uint32Array(before.length + added.length)
    let most = 0
    let old = 0
    for (let place = 0, next = 0; place < sorted.length; place++) {
      const takesOld =
        next === added.length || (old < before.length && this.#compare(before[old]!, added[next]!) < 0)
      const id = takesOld ? before[old++]! : added[next++]!
      sorted[place] = id
      if (id > most) most = id
    }
    this.#sorted = sorted
    if (this.#ranks.length <= most) this.#ranks = new Uint32Array(most + 1)
    sorted.forEach((id, place) => {
      this.#ranks[id] = place + 1
    })
  }
}
