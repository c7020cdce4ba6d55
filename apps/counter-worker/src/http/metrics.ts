import type { FrameReader } from '@card/frames'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { CountingCore } from '../counting/counting-core.js'
import type { Outputs } from '../output/outputs.js'
import type { InputFigures } from './input-figures.js'
import { type MetricName, metricTable } from './metric-table.js'

/** What the metrics are read from whenever they are asked for. */
export interface MetricSources {
  readonly reader: FrameReader
  readonly core: CountingCore
  readonly outputs: Outputs
}

type Labels = Readonly<Record<string, string>>
type Values = readonly (readonly [value: number, labels?: Labels])[]

/** Time to count a batch: from well below to well above what a batch of small frames takes. */
const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]

/** The metrics of a run in a registry of their own. Nothing is counted twice: sums are read when they are asked for. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #duration: Histogram

  constructor(version: string, sources: MetricSources, figures: () => InputFigures) {
    this.#duration = new Histogram({
      ...this.#definition('card_process_duration_seconds'),
      buckets: durationBuckets,
    })
    const { reader, core, outputs } = sources
    this.#values('card_frames_total', () => outcomes(reader, core))
    this.#values('card_bytes_total', () => [[reader.totalBytes]])
    this.#values('card_rejected_total', () => byName('reason', core.sums.rejected))
    this.#values('card_late_total', () => byName('action', lateFor(core)))
    this.#values('card_dead_letters_total', () => [[outputs.refused]])
    this.#values('card_results_total', () => byName('pane', core.published.results))
    this.#values('card_windows_open', () => byName('window', core.openWindows))
    this.#values('card_windows_finalized_total', () =>
      byName('window', Object.fromEntries(core.published.finals)),
    )
    this.#values('card_watermark_timestamp_seconds', () =>
      figures()
        .partitions.map(({ id, labels }) => [core.watermarkOf(id) / 1000, labels] as const)
        .filter(([time]) => Number.isFinite(time)),
    )
    this.#values('card_consumer_lag_records', () => lags(figures(), 'records'))
    this.#values('card_consumer_lag_seconds', () => lags(figures(), 'seconds'))
    this.#values('card_assigned_partitions', () => ofGroup(figures(), 'assigned'))
    this.#values('card_rebalances_total', () => ofGroup(figures(), 'rebalances'))
    this.#values('card_build_info', () => [[1, { version }]])
  }

  /** Notes a batch. @param seconds it took */
  readonly onBatch = (seconds: number): void => this.#duration.observe(seconds)

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

function outcomes(reader: FrameReader, core: CountingCore): Values {
  const { counted, rejected } = core.sums
  const sum = (parts: Readonly<Record<string, number>>) =>
    Object.values(parts).reduce((total, part) => total + part, 0)
  const all = { counted, rejected: sum(rejected), late: sum(lateFor(core)), blank: reader.blank }
  return byName('outcome', all)
}

/** Late frames by action, without those that wait in the guard: they may yet be counted, and no counter goes back. */
function lateFor(core: CountingCore): Record<string, number> {
  const { late } = core.sums
  return late.ahead === undefined ? late : { ...late, ahead: late.ahead - core.held }
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
