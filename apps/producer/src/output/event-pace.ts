/** A time so far from the pace is taken for a damaged one, ms. */
const farthest = 3_600_000
/** So many of them in a row, and the stream itself has moved. */
const moved = 100

/**
 * Event time against the clock: the greatest time so far says when a frame is due, so frames out of order do not
 * wait for each other. A time more than an hour off is ignored, lest one flipped bit stall the replay or let it
 * run; a hundred in a row are a gap in the stream (or its first time was damaged), which is passed without a wait.
 */
export class EventPace {
  readonly #speed: number
  #greatest = Number.NaN
  /** The frame of this time is due at that moment. */
  #time = 0
  #moment = 0
  #strays = 0

  /** @param speed event seconds per second of the clock */
  constructor(speed: number) {
    this.#speed = speed
  }

  /**
   * @param time of the next frame, ms; NaN: a line without one, due with the frame before
   * @param now milliseconds of a clock that never goes back
   * @returns when the frame is due, on that clock
   */
  due(time: number, now: number): number {
    if (Number.isNaN(time)) return Number.isNaN(this.#greatest) ? now : this.#at(this.#greatest)
    if (Number.isNaN(this.#greatest)) this.#start(time, now)
    else if (Math.abs(time - this.#greatest) <= farthest) {
      this.#strays = 0
      this.#greatest = Math.max(this.#greatest, time)
    } else if (++this.#strays === moved) this.#start(time, Math.max(now, this.#at(this.#greatest)))
    return this.#at(this.#greatest)
  }

  #start(time: number, moment: number): void {
    this.#greatest = time
    this.#time = time
    this.#moment = moment
    this.#strays = 0
  }

  #at(time: number): number {
    return this.#moment + (time - this.#time) / this.#speed
  }
}

/** Frames by the clock alone: the nth is due after n / rate seconds. */
export class RatePace {
  readonly #interval: number
  #sent = 0
  #began = Number.NaN

  /** @param perSecond frames a second */
  constructor(perSecond: number) {
    this.#interval = 1000 / perSecond
  }

  /** When the next frame is due, as in `EventPace`. */
  due(_time: number, now: number): number {
    if (this.#sent === 0) this.#began = now
    return this.#began + this.#sent++ * this.#interval
  }
}
