/** A stream that may be a terminal. */
export interface Screen {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  write(text: string): unknown
}

/** The least time between two drawings, in ms. */
const period = 100

/**
 * One line at the bottom of a terminal that is drawn over and over, such as the progress of a run. Whatever else writes to
 * the terminal clears it before; the next update draws it again below.
 */
export class StatusLine {
  readonly #screen: Screen
  readonly #now: () => number
  #drawnAt = Number.NEGATIVE_INFINITY
  #visible = false

  constructor(screen: Screen, now: () => number = () => performance.now()) {
    this.#screen = screen
    this.#now = now
  }

  /** Draws the line, at most ten times a second. @param textOf makes the text for a number of columns */
  update(textOf: (columns: number) => string): void {
    if (this.#screen.isTTY !== true) return
    const now = this.#now()
    if (now - this.#drawnAt < period) return
    this.#drawnAt = now
    this.#visible = true
    // A line that fills the last column would wrap.
    this.#screen.write(`\r${textOf((this.#screen.columns ?? 80) - 1)}\x1b[K`)
  }

  /** Removes the line, so that others can write in its place. */
  clear(): void {
    if (!this.#visible) return
    this.#visible = false
    this.#screen.write('\r\x1b[K')
  }
}

/** The line of this process, on stderr. */
export const statusLine = new StatusLine(process.stderr)
