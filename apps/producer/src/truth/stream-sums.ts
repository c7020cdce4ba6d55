import { malformedKinds } from '../options/malformed-shares.js'

const blank = malformedKinds.indexOf('blank') + 1
/** LF: lines for a topic never end with CR LF. */
const ending = 1

/**
 * The sums over all lines. `lines` = `blank` + `counted` + the rejected. In a topic lines are records: without
 * their endings, and without the blank ones, which are not sent.
 */
export class StreamSums {
  lines = 0
  bytes = 0
  readonly #byOutcome = new Float64Array(malformedKinds.length + 1)

  readonly #inTopic: boolean

  constructor(inTopic = false) {
    this.#inTopic = inTopic
  }

  /** @param outcome 0 = counted, else 1 + the malformed kind @param bytes of the line with its ending */
  add(outcome: number, bytes: number): void {
    if (this.#inTopic && outcome === blank) return
    this.lines++
    this.bytes += this.#inTopic ? bytes - ending : bytes
    this.#byOutcome[outcome]!++
  }

  get counted(): number {
    return this.#byOutcome[0]!
  }

  get blank(): number {
    return this.#byOutcome[blank]!
  }

  /** Lines by reason, in the order in which a counter checks; reasons without a line are left out. */
  get rejected(): Record<string, number> {
    const entries = malformedKinds.map((kind, index) => [kind, this.#byOutcome[index + 1]!] as const)
    return Object.fromEntries(entries.filter(([kind, lines]) => kind !== 'blank' && lines > 0))
  }
}
