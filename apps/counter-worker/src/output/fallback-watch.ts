import { fallbackWarning, type ScannerFigures } from './fallback-warning.js'

/** How often it is looked, and how often it is said at most; ms. */
const lookEvery = 1000
const sayEvery = 60_000
/** Lines after which a share of them says something before the end. */
const enoughLines = 1000

type Sums = Pick<ScannerFigures, 'lines' | 'blank' | 'fallbacks'>
const none: Sums = { lines: 0, blank: 0, fallbacks: 0 }

/** Warns while many lines leave the scanner, at most once a minute, and at the end where it has not yet. */
export class FallbackWatch {
  readonly #reader: ScannerFigures
  readonly #warn: (text: string) => void
  readonly #timer: NodeJS.Timeout
  /** What the reader had read when it was last said. */
  #before = none
  #nextAt = Number.NEGATIVE_INFINITY
  #hasWarned = false

  constructor(reader: ScannerFigures, warn: (text: string) => void) {
    this.#reader = reader
    this.#warn = warn
    this.#timer = setInterval(() => this.#look(), lookEvery)
    this.#timer.unref()
  }

  /** The run has ended. */
  end(): void {
    clearInterval(this.#timer)
    if (this.#hasWarned) return
    this.#before = none
    this.#say()
  }

  #look(): void {
    if (performance.now() < this.#nextAt || this.#reader.lines - this.#before.lines < enoughLines) return
    this.#say()
  }

  #say(): void {
    const { scanning, fallbackExample, lines, blank, fallbacks } = this.#reader
    const warning = fallbackWarning({
      scanning,
      fallbackExample,
      lines: lines - this.#before.lines,
      blank: blank - this.#before.blank,
      fallbacks: fallbacks - this.#before.fallbacks,
    })
    // Each look is at new lines, so that a long good past does not hide a bad present.
    this.#before = { lines, blank, fallbacks }
    if (warning === null) return
    this.#hasWarned = true
    this.#nextAt = performance.now() + sayEvery
    this.#warn(warning)
  }
}
