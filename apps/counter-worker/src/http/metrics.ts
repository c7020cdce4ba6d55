import type { TimeFigures } from '@card/counting'
import type { FrameReader } from '@card/frames'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { RunFigures } from '../counting/run-figures.js'
import type { Outputs } from '../output/outputs.js'
import type { InputFigures } from './input-figures.js'
import { type MetricName, metricTable } from './metric-table.js'

/** What the metrics are read from whenever they are asked for. */
export interface MetricSources {
  readonly reader: FrameReader
  readonly counted: RunFigures
  readonly outputs: Outputs
}

type Labels = Readonly<Record<string, string>>
type Values = readonly (readonly [value: number, labels?: Labels])[]

/** From a stream of milliseconds' disorder to a backlog of days, s. */
const delayBuckets = [0.1, 0.5, 1, 2.5, 5, 7.5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 21_600, 86_400]

/** Time to count a batch: from well below to well above what a batch of small frames takes. */
const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]

/** The metrics of a run in a registry of their own. Nothing is counted twice: sums are read when they are asked for. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #duration: Histogram
  readonly #delay: Histogram

  /**
   * @param run what is counted, null before the input is open
   * @param input its figures, null before it is open
   */
  constructor(version: string, run: () => MetricSources | null, input: () => InputFigures | null) {
    this.#duration = new Histogram({
      ...this.#definition('card_process_duration_seconds'),
      buckets: durationBuckets,
    })
    this.#delay = new Histogram({
      ...this.#definition('card_end_to_end_delay_seconds'),
      buckets: delayBuckets,
    })
    const ofRun = (name: MetricName, read: (sources: MetricSources) => Values) =>
      this.#values(name, () => valuesOf(run(), read))
    const ofInput = (name: MetricName, read: (figures: InputFigures) => Values) =>
      this.#values(name, () => valuesOf(input(), read))
    ofRun('card_frames_total', outcomes)
    ofRun('card_fallback_lines_total', ({ reader }) => [[reader.fallbacks]])
    ofRun('card_bytes_total', ({ reader }) => [[reader.totalBytes]])
    ofRun('card_rejected_total', ({ counted }) => byName('reason', counted.sums.rejected))
    ofRun('card_late_total', ({ counted }) => byName('action', lateFor(counted)))
    ofRun('card_dead_letters_total', ({ outputs }) => [[outputs.refused]])
    ofRun('card_produce_errors_total', ({ outputs }) => [[outputs.sendFailures]])
    ofRun('card_results_total', ({ counted }) => byName('pane', counted.results))
    ofRun('card_windows_open', ({ counted }) => byName('window', counted.openWindows))
    ofRun('card_estimator_bytes', ({ counted }) => byName('window', counted.stateBytes))
    ofRun('card_windows_finalized_total', ({ counted }) =>
      byName('window', Object.fromEntries(counted.finals)),
    )
    ofRun('card_watermark_timestamp_seconds', ({ counted }) =>
      valuesOf(input(), (figures) => watermarks(figures, counted)),
    )
    const ofTimes = (name: MetricName, read: (times: TimeFigures) => number) =>
      ofRun(name, ({ counted }) =>
        valuesOf(input(), ({ partitions }) =>
          partitions.map(({ name, labels }) => [read(counted.timesOf(name)), labels]),
        ),
      )
    ofTimes('card_held_frames', ({ held }) => held)
    ofTimes('card_frames_held_total', ({ beyondHorizon }) => beyondHorizon)
    ofTimes('card_trusted_time_leaps_total', ({ leaps }) => leaps)
    ofTimes('card_recent_late_ratio', ({ lateRatio }) => lateRatio)
    ofInput('card_consumer_lag_records', (input) => lags(input, 'records'))
    ofInput('card_consumer_lag_seconds', (input) => lags(input, 'seconds'))
    ofInput('card_assigned_partitions', (input) => ofGroup(input, 'assigned'))
    ofInput('card_rebalances_total', (input) => ofGroup(input, 'rebalances'))
    this.#values('card_build_info', () => [[1, { version }]])
  }

  /** Notes a batch. @param seconds it took */
  readonly onBatch = (seconds: number): void => this.#duration.observe(seconds)

  /** Notes final results that have been written. @param end of their window, ms */
  readonly onFinal = (end: number, results: number): void => {
    const delay = Math.max(0, (Date.now() - end) / 1000)
    for (let result = 0; result < results; result++) this.#delay.observe(delay)
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics()
  }

  #definition(name: MetricName) {
    const { help, labels } = metricTable[name]
    return { name, help, labelNames: [...labels], registers: [this.#registry] }
  }

  #values(name: MetricName, read: () => Values): void {
    if (metricTable[name].type === 'gauge') {
      new Gauge({
        ...this.#definition(name),
        collect() {
          this.reset()
          for (const [value, labels = {}] of read()) this.set(labels, value)
        },
      })
    } else {
      new Counter({
        ...this.#definition(name),
        collect() {
          this.reset()
          for (const [value, labels = {}] of read()) this.inc(labels, value)
        },
      })
    }
  }
}

function valuesOf<T>(source: T | null, read: (source: T) => Values): Values {
  return source === null ? [] : read(source)
}

function watermarks({ partitions }: InputFigures, counted: RunFigures): Values {
  return partitions
    .map(({ name, labels }) => [counted.watermarkOf(name) / 1000, labels] as const)
    .filter(([time]) => Number.isFinite(time))
}

function outcomes({ reader, counted: figures }: MetricSources): Values {
  const { counted, rejected } = figures.sums
  const sum = (parts: Readonly<Record<string, number>>) =>
    Object.values(parts).reduce((total, part) => total + part, 0)
  const all = { counted, rejected: sum(rejected), late: sum(lateFor(figures)), blank: reader.blank }
  return byName('outcome', all)
}

/** Late frames by action, without those that wait in the guard: they may yet be counted, and no counter goes back. */
function lateFor(counted: RunFigures): Record<string, number> {
  const { late } = counted.sums
  return late.ahead === undefined ? late : { ...late, ahead: late.ahead - counted.held }
}

function byName(label: string, values: Readonly<Record<string, number>>): Values {
  return Object.entries(values).map(([name, value]) => [value, { [label]: name }] as const)
}

function lags({ partitions }: InputFigures, unit: 'records' | 'seconds'): Values {
  return partitions.flatMap(({ lag, labels }) => (lag === null ? [] : [[lag[unit], labels] as const]))
}

function ofGroup({ group }: InputFigures, which: 'assigned' | 'rebalances'): Values {
  return group === null ? [] : [[group[which]]]
}
