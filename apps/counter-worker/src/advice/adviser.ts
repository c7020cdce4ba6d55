import { rejectionReasons } from '@card/frames'
import { extentOf } from './advice-text.js'
import type { Advice } from './advise.js'
import type { RunSums } from './run-sums.js'

/** What an adviser watches, and where its advice goes. */
export interface AdviserParts {
  /** What is read: `line` or `record`. */
  readonly noun: string
  readonly sums: () => Pick<RunSums, 'lines' | 'reasons'>
  /** Null: no rejected line is at hand. */
  readonly advise: (sums: RunSums) => Advice | null
  readonly tell: (advice: Advice, sums: RunSums) => void
}

/** Rows that are about to be counted. */
interface Rows {
  readonly rows: number
  /** Of each row: 0, or why the reader rejected it. */
  readonly status: Uint8Array
}

/** Lines after which a run that has rejected most of them says why. */
const enoughLines = 1000
/** ms after which it says so with fewer. */
const longEnough = 5000
const period = 100

/**
 * Speaks once when most of what was read was rejected: of the first thousand lines, of those of the first seconds, or of
 * all at the end. What it says of the first lines does not depend on how the input is cut into batches.
 */
export class Adviser {
  readonly #parts: AdviserParts
  readonly #timer: NodeJS.Timeout
  readonly #began = performance.now()
  /** Rows noted, up to `enoughLines`; those of them that the reader rejected, by status. */
  #noted = 0
  readonly #rejected: number[] = []
  #areFirstJudged = false
  #isStartJudged = false
  #isStopped = false

  constructor(parts: AdviserParts) {
    this.#parts = parts
    this.#timer = setInterval(() => this.#look(), period)
    this.#timer.unref()
  }

  /** Takes note of the first rows of a run. */
  note({ rows, status }: Rows): void {
    for (let row = 0; row < rows && this.#noted < enoughLines; row++) {
      this.#noted++
      const reason = status[row]!
      if (reason !== 0) this.#rejected[reason] = (this.#rejected[reason] ?? 0) + 1
    }
  }

  /** Why nothing that was read so far could be counted; null: something was, or it is too early to say. */
  get whyNothingCounts(): string | null {
    if (!this.#hasEnough) return null
    const sums = this.#sums('so far')
    if (sums.lines === 0 || sums.rejected < sums.lines) return null
    const reasons = Object.keys(sums.reasons).join(', ')
    return `${extentOf(sums, this.#parts.noun)}: ${reasons}`
  }

  /** The input has ended. */
  end(): void {
    if (this.#noted >= enoughLines) this.#judgeFirst()
    this.#judge(this.#sums('all'))
  }

  /** Nothing more is to be said, whatever is read. */
  stop(): void {
    this.#isStopped = true
    clearInterval(this.#timer)
  }

  get #hasEnough(): boolean {
    return this.#noted >= enoughLines || performance.now() - this.#began >= longEnough
  }

  #look(): void {
    if (this.#noted >= enoughLines) {
      clearInterval(this.#timer)
      this.#judgeFirst()
    } else if (this.#noted > 0 && !this.#isStartJudged && this.#hasEnough) {
      this.#isStartJudged = true
      this.#judge(this.#sums('so far'))
    }
  }

  #judgeFirst(): void {
    if (this.#areFirstJudged) return
    this.#areFirstJudged = true
    const reasons: Record<string, number> = {}
    this.#rejected.forEach((count, status) => {
      reasons[rejectionReasons[status]!] = count
    })
    this.#judge({ lines: enoughLines, rejected: total(reasons), reasons, extent: 'first' })
  }

  #judge(sums: RunSums): void {
    if (this.#isStopped || 2 * sums.rejected <= sums.lines) return
    this.stop()
    const advice = this.#parts.advise(sums)
    if (advice !== null) this.#parts.tell(advice, sums)
  }

  #sums(extent: RunSums['extent']): RunSums {
    const { lines, reasons } = this.#parts.sums()
    return { lines, rejected: total(reasons), reasons, extent }
  }
}

function total(reasons: Readonly<Record<string, number>>): number {
  return Object.values(reasons).reduce((sum, count) => sum + count, 0)
}
