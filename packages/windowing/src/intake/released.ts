import type { HeldFrame } from '../guard/held-queue.js'

/** Columns of the frames that left the far-future guard during one call; reused by the next. */
export class ReleasedFrames {
  /** how many are filled */
  rows = 0
  /** ms since the epoch */
  time = new Float64Array(16)
  /** four words a row */
  hash = new Uint32Array(64)
  group = new Uint32Array(16)
  /** as pushed: its position in the partition */
  offset = new Float64Array(16)
  /** as `Runs.ticket` told when it was held */
  ticket = new Float64Array(16)
  partition = new Float64Array(16)

  /** Appends a frame and returns its row. */
  add(partition: number, frame: HeldFrame): number {
    if (this.rows === this.time.length) this.grow()
    const row = this.rows++
    this.time[row] = frame.time
    this.hash.set(frame.hash, row * 4)
    this.group[row] = frame.group
    this.offset[row] = frame.offset
    this.ticket[row] = frame.ticket
    this.partition[row] = partition
    return row
  }

  private grow(): void {
    const double = (old: Float64Array<ArrayBuffer>) => {
      const larger = new Float64Array(old.length * 2)
      larger.set(old)
      return larger
    }
    const words = (old: Uint32Array<ArrayBuffer>) => {
      const larger = new Uint32Array(old.length * 2)
      larger.set(old)
      return larger
    }
    this.time = double(this.time)
    this.hash = words(this.hash)
    this.group = words(this.group)
    this.offset = double(this.offset)
    this.ticket = double(this.ticket)
    this.partition = double(this.partition)
  }
}
