import type { CountingSums, PublishedSums, RowSums } from '@card/counting'

/** Sums of rows and results, of several owners. */
export class Tally {
  readonly #rows = { counted: 0, late: 0, ahead: 0, tooManyGroups: 0 }
  readonly #rejected: number[] = []
  readonly #published = { windows: 0, early: 0, final: 0, corrected: 0 }
  #closed = 0
  #held = 0

  /** @param before what is left out; default: nothing */
  addRows(now: RowSums, before?: RowSums): void {
    for (const name of ['counted', 'late', 'ahead', 'tooManyGroups'] as const) {
      this.#rows[name] += now[name] - (before?.[name] ?? 0)
    }
    now.rejected.forEach((count, status) => {
      this.#rejected[status] = (this.#rejected[status] ?? 0) + count - (before?.rejected[status] ?? 0)
    })
    this.#held += now.held
  }

  /** @param before what is left out; default: nothing */
  addResults(now: MergedSums, before?: MergedSums): void {
    for (const name of ['windows', 'early', 'final', 'corrected'] as const) {
      this.#published[name] += now.published[name] - (before?.published[name] ?? 0)
    }
    this.#closed += now.closed - (before?.closed ?? 0)
  }

  /** All that another has, but for the frames that are held. */
  add(other: Tally): void {
    const { held: _, ...rows } = other.sums
    this.addRows({ ...rows, counted: other.#rows.counted, held: 0 })
    this.addResults(rows)
  }

  get sums(): CountingSums {
    const { counted, ...rows } = this.#rows
    const [closed, held, rejected, published] = [this.#closed, this.#held, this.#rejected, this.#published]
    // A frame that came too late for a merger here may have been counted by another worker.
    const here = Math.min(closed, counted)
    return { ...rows, counted: counted - here, closed, held, rejected, published }
  }
}

/** What a merger has published, and what came too late for it. */
export interface MergedSums {
  readonly published: PublishedSums
  readonly closed: number
}
