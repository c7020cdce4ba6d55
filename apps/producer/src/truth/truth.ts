import { groupText } from '../frames/parts-writer.js'
import type { LineFacts } from '../frames/repeats.js'
import type { StreamSums } from './stream-sums.js'
import { UserSets } from './user-sets.js'
import type { WindowSize } from './window-size.js'
import { WindowTruth } from './window-truth.js'

/**
 * What a correct counter must report of the stream when nothing is late for it and nothing too far ahead
 * (`--estimator exact --max-ahead off --lateness 100000d`): users and events per window and group, by the
 * frames' final ts.
 */
export class Truth {
  readonly #windows: WindowTruth[]
  readonly #everyone: UserSets

  /** @param users size of the pool */
  constructor(sizes: readonly WindowSize[], users: number) {
    this.#windows = sizes.map((size) => new WindowTruth(size, users))
    this.#everyone = new UserSets(users)
  }

  /** Takes one line; only counted ones matter. */
  add(line: LineFacts): void {
    if (line.outcome !== 0) return
    const { second, group, user } = line
    for (const window of this.#windows) window.add(second, group, user)
    this.#everyone.add(0, user)
  }

  /** Distinct users of all counted frames. */
  get users(): number {
    return this.#everyone.size(0)
  }

  /** The truth file, piece by piece: JSON with one line per window and group. */
  *json(sums: StreamSums): Generator<string> {
    yield '{"windows":{'
    for (const [position, window] of this.#windows.entries()) {
      yield `${position === 0 ? '' : ','}\n${JSON.stringify(window.size.name)}:[`
      let separator = '\n'
      for (const { start, end, group, users, events } of window.panes(groupText)) {
        const range = { start: new Date(start).toISOString(), end: new Date(end).toISOString() }
        yield separator + JSON.stringify({ ...range, group: groupText(group), users, events })
        separator = ',\n'
      }
      yield ']'
    }
    const { lines, bytes, blank, counted, rejected } = sums
    yield `},\n${JSON.stringify({ lines, bytes, blank, counted, rejected, users: this.users }).slice(1)}\n`
  }
}
