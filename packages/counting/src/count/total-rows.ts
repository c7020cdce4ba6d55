import type { WindowState } from '../state/window-state.js'

const noHashes = new Uint32Array(0)

/**
 * Rows that are added to the totals of their windows. Runs of different groups follow each other row by row: those of one
 * window are added as one, or a total would cost as much as all its groups.
 */
export class TotalRows {
  #state: WindowState = null
  #hashes: Uint32Array = noHashes
  #from = 0
  #to = 0

  /** Notes the rows of a run, which stay as they are until `settle`. */
  add(state: WindowState, hashes: Uint32Array, from: number, to: number): void {
    if (state === this.#state && hashes === this.#hashes && from === this.#to) {
      this.#to = to
      return
    }
    this.settle()
    this.#state = state
    this.#hashes = hashes
    this.#from = from
    this.#to = to
  }

  /** Adds what was noted; to be called before states are read. */
  settle(): void {
    this.#state?.addHashes(this.#hashes, this.#from, this.#to)
    this.#state = null
    this.#hashes = noHashes
    this.#from = 0
    this.#to = 0
  }
}
