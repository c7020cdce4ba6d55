import { copyOf, type RefusedLine } from './refused-line.js'

/** Where the lines of frames wait that the far-future guard of a partition holds, by the guard's ticket. */
export interface HeldLines {
  /** Keeps a copy. */
  keep(ticket: number, line: RefusedLine): void
  /** Gives a line up; undefined: it could not be kept. */
  take(ticket: number): RefusedLine | undefined
  /** The line is not wanted after all. */
  drop(ticket: number): void
}

/** In memory, from where they can be saved. */
export class LinesInMemory implements HeldLines {
  private readonly lines = new Map<number, RefusedLine>()

  keep(ticket: number, line: RefusedLine): void {
    this.lines.set(ticket, copyOf(line))
  }

  take(ticket: number): RefusedLine | undefined {
    const line = this.lines.get(ticket)
    this.lines.delete(ticket)
    return line
  }

  drop(ticket: number): void {
    this.lines.delete(ticket)
  }

  entries(): [ticket: number, line: RefusedLine][] {
    return [...this.lines]
  }
}
