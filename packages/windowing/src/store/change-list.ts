/** Something that a snapshot holds. */
export interface Tracked {
  /** in the list of changes; always true where changes are not tracked */
  listed: boolean
}

/** What changed since it was last taken: each item once, however often it changes. */
export class ChangeList<T extends Tracked> {
  private items: T[] = []

  /** @param tracking false: nothing is ever listed */
  constructor(readonly tracking: boolean) {}

  /** Begins to track an item, which is new and so a change itself. */
  add(item: T): void {
    item.listed = true
    if (this.tracking) this.items.push(item)
  }

  /** Begins to track an item that a snapshot holds as it is. */
  addSaved(item: T): void {
    item.listed = !this.tracking
  }

  /** Lists an item that is about to change. */
  note(item: T): void {
    if (item.listed) return
    item.listed = true
    this.items.push(item)
  }

  /** Empties the list. Call `release` for each item once it is written down, or `putBack` for all. */
  take(): T[] {
    const { items } = this
    this.items = []
    return items
  }

  /** An item is written down: its next change is listed again. */
  release(item: T): void {
    item.listed = false
  }

  /** Lists what was taken again, since it was not saved. @param released how many of the items were released */
  putBack(items: readonly T[], released: number): void {
    items.forEach((item, i) => {
      if (i < released) this.note(item)
      else this.items.push(item)
    })
  }
}
