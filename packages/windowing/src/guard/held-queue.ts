/** A frame that waits in the far-future guard. */
export interface HeldFrame {
  /** counts the frames held in this partition, from 0: the caller's key to what it keeps of the frame */
  readonly ticket: number
  readonly time: number
  readonly group: number
  readonly offset: number
  /** the four words of the key's hash */
  readonly hash: readonly [number, number, number, number]
}

const never = Number.POSITIVE_INFINITY
const firstCapacity = 16

/**
 * Held frames in order of arrival, with their least time: the oldest leaves in constant amortized time, and those up
 * to a time in a number of steps that grows with the logarithm of the queue for each of them. Places of frames that
 * left are freed all at once, when the last place is taken.
 */
export class HeldQueue {
  length = 0
  private capacity = firstCapacity
  private places: (HeldFrame | undefined)[] = []
  private head = 0
  private tail = 0
  // A tournament: the entry at i is the least of those at 2i and 2i + 1, places begin at `capacity`, the winner is at 1.
  private tree = new Float64Array(2 * firstCapacity).fill(never)

  /** The least time in ms; Infinity when nothing is held. */
  get least(): number {
    return this.tree[1]!
  }

  push(frame: HeldFrame): void {
    if (this.tail === this.capacity) this.reorder([...this.frames()])
    const place = this.tail++
    this.places[place] = frame
    this.length++
    this.play(place, frame.time)
  }

  /** Removes the oldest frame. The queue must not be empty. */
  shift(): HeldFrame {
    while (this.places[this.head] === undefined) this.head++
    const frame = this.places[this.head]!
    this.leave(this.head++)
    return frame
  }

  /** Frames of at most a time leave, in order of arrival. @param leaving must leave the queue alone */
  takeUpTo(time: number, leaving: (frame: HeldFrame) => void): void {
    if (this.least <= time) this.takeBelow(1, time, leaving)
  }

  /** In order of arrival. */
  *frames(): Generator<HeldFrame> {
    for (let place = this.head; place < this.tail; place++) {
      const frame = this.places[place]
      if (frame !== undefined) yield frame
    }
  }

  /** Holds these frames and no others. */
  reset(frames: readonly HeldFrame[]): void {
    this.reorder(frames)
  }

  private takeBelow(node: number, time: number, leaving: (frame: HeldFrame) => void): void {
    if (this.tree[node]! > time) return
    if (node < this.capacity) {
      this.takeBelow(2 * node, time, leaving)
      this.takeBelow(2 * node + 1, time, leaving)
      return
    }
    const frame = this.places[node - this.capacity]!
    this.leave(node - this.capacity)
    leaving(frame)
  }

  private leave(place: number): void {
    this.places[place] = undefined
    this.length--
    this.play(place, never)
  }

  private play(place: number, time: number): void {
    const { tree } = this
    let node = this.capacity + place
    tree[node] = time
    for (node >>= 1; node > 0; node >>= 1) tree[node] = Math.min(tree[2 * node]!, tree[2 * node + 1]!)
  }

  /** Closes the gaps. At least half of the places are free afterwards, so the cost is amortized over as many frames. */
  private reorder(frames: readonly HeldFrame[]): void {
    while (2 * frames.length > this.capacity) this.capacity *= 2
    this.places = [...frames]
    this.head = 0
    this.tail = frames.length
    this.length = frames.length
    this.tree = new Float64Array(2 * this.capacity).fill(never)
    for (const [place, { time }] of frames.entries()) this.tree[this.capacity + place] = time
    for (let node = this.capacity - 1; node > 0; node--) {
      this.tree[node] = Math.min(this.tree[2 * node]!, this.tree[2 * node + 1]!)
    }
  }
}
