import { type Counting, createCounting } from '@card/counting'
import type { FrameReader } from '@card/frames'
import type { CountingOutput } from '../../src/counting/counting-output.js'
import type { InputPartitions } from '../../src/counting/open-counting.js'
import { RunFigures } from '../../src/counting/run-figures.js'
import { StepWriter, wantedLines } from '../../src/counting/step-writer.js'
import { countingSetup } from '../../src/settings/counting-options.js'
import type { settings } from '../settings/place-settings.js'

type Values = ReturnType<typeof settings>['values']

/** Counting without a worker core before it: what comes of each call is written at once. */
export class DirectCounting {
  readonly figures: RunFigures
  readonly #counting: Counting
  readonly #writer: StepWriter
  readonly #reader: FrameReader

  constructor(
    values: Values,
    reader: FrameReader,
    output: CountingOutput,
    partitions: InputPartitions = countingSetup(values).partitions,
  ) {
    this.#reader = reader
    this.#counting = createCounting(
      countingSetup(values).counting,
      reader.groups,
      wantedLines(output),
      partitions,
    )
    this.#writer = new StepWriter(output)
    this.figures = new RunFigures(this.#counting, this.#writer, output.lateAction)
  }

  /** Takes the rows that the reader's columns hold now. */
  consume(partition: string): void {
    const { columns, bytes } = this.#reader
    for (let row = 0; row < columns.rows; ) {
      row = this.tell((counting) => counting.consume(partition, { columns, bytes, source: partition }, row))
    }
  }

  tell<T>(work: (counting: Counting) => T): T {
    const result = work(this.#counting)
    for (let more = true; more; ) {
      const step = this.#counting.takeStep(256)
      this.#writer.write(step)
      more = step.more
    }
    return result
  }
}
