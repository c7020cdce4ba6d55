import type { FrameBatch } from '@card/counting'
import type { FrameReader, GroupTable } from '@card/frames'
import type { CountingOutput } from '../counting/counting-output.js'
import type { RunFigures } from '../counting/run-figures.js'
import type { Compressions } from '../input/magic-bytes.js'
import { FallbackWatch } from '../output/fallback-watch.js'
import { frameOptions } from '../settings/counting-options.js'
import type { OptionValues } from '../settings/option-table.js'
import { type Advice, advise } from './advise.js'
import { Adviser } from './adviser.js'
import { OddResults } from './odd-results.js'
import { OddTimes } from './odd-times.js'
import { OverflowName } from './overflow-name.js'
import { SharedNames } from './record-fields.js'
import { RejectsSample } from './rejects-sample.js'
import type { RunSums } from './run-sums.js'

/** Where advice goes. */
export interface AdviceOutput {
  /** Most of what was read so far was rejected. */
  readonly rejected: (advice: Advice, sums: RunSums) => void
  readonly warning: (text: string) => void
}

/** Sees whether the input fits the settings, and says so where it does not. */
export class RunWatch {
  readonly #values: OptionValues
  readonly #to: AdviceOutput
  readonly #compressions: Compressions
  readonly #sample = new RejectsSample()
  readonly #results: OddResults
  readonly #times: OddTimes
  readonly #names: SharedNames
  readonly #overflow: OverflowName
  #adviser: Adviser | null = null
  #fallbacks: FallbackWatch | null = null

  /** @param compressions of the files that are read, as far as they are known */
  constructor(values: OptionValues, to: AdviceOutput, compressions: Compressions = new Map()) {
    this.#values = values
    this.#compressions = compressions
    this.#to = to
    this.#times = new OddTimes(to.warning)
    this.#names = new SharedNames(frameOptions(values), to.warning)
    this.#overflow = new OverflowName(values, to.warning)
    this.#results = new OddResults(
      {
        window: values.windows[0]!.name,
        groupBy: values['group-by'],
        maxGroups: values['max-groups'],
        timeUnit: values['time-unit'],
      },
      to.warning,
    )
  }

  /** The output of the counting core, under watch. */
  watching(output: CountingOutput): CountingOutput {
    const watched = this.#sample.watching(this.#results.watching(output))
    return Object.create(watched, { warn: { value: this.#times.warn } })
  }

  /** A batch was read, and is about to be counted. @param groups the table behind its ids */
  look(batch: FrameBatch, groups: GroupTable): void {
    this.#names.look(batch)
    this.#overflow.look(batch.columns, groups)
    this.#adviser?.note(batch.columns)
  }

  /** Why nothing that was read so far could be counted; null: something was, or it is too early to say. */
  get whyNothingCounts(): string | null {
    return this.#adviser?.whyNothingCounts ?? null
  }

  /** The run begins. */
  start(reader: FrameReader, counted: Pick<RunFigures, 'sums'>): void {
    this.#fallbacks = new FallbackWatch(reader, this.#to.warning)
    this.#adviser = new Adviser({
      noun: this.#values.brokers === null ? 'line' : 'record',
      sums: () => ({ lines: reader.lines - reader.blank, reasons: unreadable(counted.sums.rejected) }),
      advise: ({ reasons }) => {
        const { lines: sample } = this.#sample
        const areRecords = this.#values.brokers !== null
        const settings = { options: frameOptions(this.#values), areRecords, compressions: this.#compressions }
        return sample.length === 0 ? null : advise({ ...settings, rejected: reasons, sample })
      },
      tell: this.#to.rejected,
    })
  }

  /** The run has ended. @param isComplete whether its input was read to the end */
  end(isComplete: boolean): void {
    this.#fallbacks?.end()
    if (isComplete) this.#adviser?.end()
    this.#adviser?.stop()
    if (isComplete) this.#results.end()
  }
}

/** Rejections that settings of the reader may be the reason of: a frame of one group too many was read well. */
function unreadable({
  'too-many-groups': _,
  ...reasons
}: RunFigures['sums']['rejected']): Record<string, number> {
  return reasons
}
