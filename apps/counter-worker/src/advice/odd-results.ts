import { quantity } from '@card/app-kit'
import { overflowGroup } from '@card/counting'
import type { Result } from '@card/results'
import type { CountingOutput } from '../counting/counting-output.js'
import { shellWord } from './printable.js'

/** What the results are watched for. */
export interface OddResultsOptions {
  /** The window size whose events are added up; those of another hold the same ones again. */
  readonly window: string
  readonly groupBy: string | null
  readonly maxGroups: number
  readonly timeUnit: string
}

/** Events after which a share says something before the end. */
const enoughEvents = 1000
/** Events in windows of 1970 after which their share says something before the end. */
const enoughOf1970 = 100
/** A window that ends before 1971 holds small numbers that were taken for times. */
const endOf1970 = Date.UTC(1971)

/** Warns, once of each, of results that are right by the settings and surely not what was meant. */
export class OddResults {
  readonly #options: OddResultsOptions
  readonly #tell: (warning: string) => void
  readonly #told = new Set<string>()
  #events = 0
  #withoutGroup = 0
  #inOverflow = 0
  #in1970 = 0

  constructor(options: OddResultsOptions, tell: (warning: string) => void) {
    this.#options = options
    this.#tell = tell
  }

  /** The output, whose results are watched. */
  watching(output: CountingOutput): CountingOutput {
    return Object.create(output, {
      result: {
        value: (result: Result) => {
          output.result(result)
          this.#look(result)
        },
      },
    })
  }

  /** The input has ended. */
  end(): void {
    if (this.#events === 0) return
    this.#lookAtShares()
    if (this.#in1970 > 0) this.#warn('1970', () => this.#of1970())
  }

  #look({ window, start, end, group, events, pane, total }: Result): void {
    if (pane !== 'final' || total === true || window !== this.#options.window) return
    this.#events += events
    if (end <= endOf1970 && start >= 0) this.#in1970 += events
    if (group === null) this.#withoutGroup += events
    else if (group === overflowGroup) this.#inOverflow += events
    if (this.#in1970 >= enoughOf1970 && this.#is1970) this.#warn('1970', () => this.#of1970())
    if (this.#events >= enoughEvents) this.#lookAtShares()
  }

  #lookAtShares(): void {
    const { groupBy, maxGroups } = this.#options
    if (groupBy === null) return
    const option = `--group-by ${shellWord(groupBy)}`
    if (this.#withoutGroup === this.#events) {
      this.#warn(
        'no-group',
        () =>
          `no frame so far has a value at ${option}: all are in the group null; counter-worker explain shows the members that frames have`,
      )
    }
    if (2 * this.#inOverflow > this.#events) {
      this.#warn(
        'overflow',
        () =>
          `more than half of the events are in the group ${overflowGroup}: there are more groups than --max-groups ${maxGroups}; raise it, or group by a member with fewer values`,
      )
    }
  }

  /** A single time of 0 says nothing of the unit of the others. */
  get #is1970(): boolean {
    return 2 * this.#in1970 > this.#events
  }

  #of1970(): string {
    const { timeUnit } = this.#options
    if (!this.#is1970)
      return `${quantity(this.#in1970, 'event')} counted in windows of 1970: a time of 0, or a damaged one`
    const advice =
      timeUnit === 'auto'
        ? 'the numbers at --time are no Unix times; name another member with --time'
        : `--time-unit ${timeUnit} does not fit the numbers at --time; try --time-unit auto`
    return `most events are in windows of 1970: ${advice}`
  }

  #warn(kind: string, text: () => string): void {
    if (this.#told.has(kind)) return
    this.#told.add(kind)
    this.#tell(text())
  }
}
