// From Kafka to windows, beside Kafka's own ConsumerPerformance (which counts bytes) and plain kafkajs, in one run:
// `pnpm bench kafka [--records 200000] [--rounds 5] [--codecs none,lz4,zstd] [--partitions 1,4] [--write]`.
// The records are of 250 B; of 2 KB there are a quarter. --write puts the table into docs/PERFORMANCE.md.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { runKafkaTool, startKafka } from '@card/local-kafka'
import { measuredRun } from '@card/testing'
import { expectPlaces, median, publish, table } from './report/performance-page.js'

interface Figures {
  records: number
  seconds: number
  /** NaN: not measured. */
  cpuSeconds: number
  peakBytes: number
}

/** What has to be shown on a topic that is not compressed, and on every topic. */
const targets = { rate: 1, cpu: 5, peakBytes: 120e6 }

const run = promisify(execFile)
const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '5' },
    codecs: { type: 'string', default: 'none,lz4,zstd' },
    partitions: { type: 'string', default: '1,4' },
    write: { type: 'boolean', default: false },
  },
})
const records = Number(values.records)
const rounds = Number(values.rounds)
expectPlaces(['kafka'], values.write)
const root = fileURLToPath(new URL('../..', import.meta.url))
const program = (name: string) => join(root, 'apps', name, 'dist', 'main.js')
/** Those of kafka-run-class.sh and kafka-consumer-perf-test.sh. */
const javaOptions = [
  ...['-Xmx512M', '-server', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20'],
  ...['-XX:InitiatingHeapOccupancyPercent=35', '-XX:+ExplicitGCInvokesConcurrent'],
]
const tools = 'org.apache.kafka.tools'
const kafka = await startKafka({ heap: 1024 })
const folder = mkdtempSync(join(tmpdir(), 'card-bench-kafka-'))
const broker = kafka.brokers[0]!

const rows: string[][] = []
const verdicts: string[] = []
try {
  for (const partitions of values.partitions.split(',').map(Number)) {
    for (const codec of values.codecs.split(',')) {
      for (const length of [250, 2048]) {
        await compare(length, codec, partitions, length === 250 ? records : Math.ceil(records / 4))
      }
    }
  }
} finally {
  await kafka.stop()
  rmSync(folder, { recursive: true })
}
const heads = ['topic', 'program', 'records/s', 'to Java', 'CPU s/million', 'peak MB']
const about = `${records.toLocaleString('en-US')} records of 250 B, a quarter as many of 2 KB; Node ${process.version}, ${cpus().length} x
${cpus()[0]?.model}, medians of ${rounds} rounds in turn. Worker: \`counter-worker --until end --windows 1m,1h,1d --estimator hll\`.
Its records/s run from before it connects to its last window, without the start of the process; those of
ConsumerPerformance from its first fetch, without the start of the JVM and joining the group. CPU and memory of the worker
are those of the whole process, its start included; CPU of kafkajs (eachBatch, JSON.parse, Set) begins when it has joined its
group. Ratios are medians of the ratios of each round. The broker runs on the same machine.`
publish(
  'kafka',
  [about, table(heads, rows, ['topic', 'program']), verdicts.join('\n')].join('\n\n'),
  values.write,
)

async function compare(length: number, codec: string, partitions: number, count: number): Promise<void> {
  const topic = `bench-${length}-${codec}-${partitions}`
  await runKafkaTool(`${tools}.TopicCommand`, [
    ...['--bootstrap-server', broker, '--create', '--topic', topic, '--partitions', String(partitions)],
  ])
  await measuredRun(program('producer'), [
    ...['generate', '--frames', String(count), '--line-length', String(length), '--seed', '7'],
    ...['--topic', topic, '--brokers', broker, '--compression', codec],
  ])
  const programs: Record<string, () => Promise<Figures>> = {
    ConsumerPerformance: () => consumerPerformance(topic, count),
    worker: () => worker(topic),
    kafkajs: () => kafkajs(topic, count),
  }
  const found = new Map<string, Figures[]>(Object.keys(programs).map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries(programs)) {
      const figures = await measure()
      if (figures.records < count) throw new Error(`${name} read ${figures.records} of ${count} records`)
      found.get(name)!.push(figures)
    }
  }
  const [java, ours, plain] = [...found.values()] as [Figures[], Figures[], Figures[]]
  const label = `${length} B, ${codec}, ${partitions === 1 ? 'one partition' : `${partitions} partitions`}`
  for (const [name, runs] of found) {
    const cpu = median(runs.map((each) => (each.cpuSeconds / each.records) * 1e6))
    const peak = median(runs.map(({ peakBytes }) => peakBytes))
    rows.push([
      label,
      name,
      Math.round(median(runs.map(rateOf))).toLocaleString('en-US'),
      median(runs.map((each, i) => rateOf(each) / rateOf(java[i]!))).toFixed(2),
      Number.isNaN(cpu) ? '-' : cpu.toFixed(2),
      Number.isNaN(peak) ? '-' : (peak / 1e6).toFixed(0),
    ])
    console.error(rows.at(-1)!.join(' | '))
  }
  const rate = median(ours.map((each, i) => rateOf(each) / rateOf(java[i]!)))
  const cpu = median(ours.map(({ cpuSeconds }, i) => plain[i]!.cpuSeconds / cpuSeconds))
  const peak = Math.max(...ours.map(({ peakBytes }) => peakBytes))
  if (codec === 'none' && partitions === 1) {
    judge(`${label}: records/s of ConsumerPerformance, ${rate.toFixed(2)} x`, rate >= targets.rate, '>= 1')
  }
  judge(`${label}: CPU of kafkajs, ${cpu.toFixed(1)} x less`, cpu >= targets.cpu, '>= 5 x')
  judge(`${label}: greatest memory, ${(peak / 1e6).toFixed(0)} MB`, peak < targets.peakBytes, '< 120 MB')
}

function judge(what: string, reached: boolean, target: string): void {
  verdicts.push(`- ${what} (target ${target}): ${reached ? 'reached' : '**not reached**'}`)
}

async function worker(topic: string): Promise<Figures> {
  const { cpuSeconds, peakBytes, stderr } = await measuredRun(program('counter-worker'), [
    ...['--brokers', broker, '--topic', topic, '--until', 'end'],
    ...['--windows', '1m,1h,1d', '--estimator', 'hll'],
  ])
  const [, lines, seconds] = /([\d,]+) lines, [\d.]+ MB in ([\d.]+) s/.exec(stderr) ?? []
  if (lines === undefined) throw new Error(`The worker did not say how long it took: ${stderr}`)
  return { records: Number(lines.replaceAll(',', '')), seconds: Number(seconds), cpuSeconds, peakBytes }
}

async function consumerPerformance(topic: string, count: number): Promise<Figures> {
  const { stdout } = await runKafkaTool(
    `${tools}.ConsumerPerformance`,
    ['--bootstrap-server', broker, '--topic', topic, '--num-records', String(count), '--timeout', '60000'],
    '',
    javaOptions,
  )
  // start, end, MB, MB/s, records, records/s, rebalance ms, fetch ms, fetch MB/s, fetch records/s
  const fields = stdout
    .trim()
    .split('\n')
    .at(-1)!
    .split(',')
    .map((field) => Number(field))
  const unknown = { cpuSeconds: Number.NaN, peakBytes: Number.NaN }
  return { records: fields[4]!, seconds: fields[7]! / 1000, ...unknown }
}

async function kafkajs(topic: string, count: number): Promise<Figures> {
  const path = fileURLToPath(new URL('../peers/kafkajs-set.js', import.meta.url))
  const { stdout } = await run(process.execPath, [path, broker, topic, String(count)])
  return { peakBytes: Number.NaN, ...JSON.parse(stdout) }
}

function rateOf({ records: read, seconds }: Figures): number {
  return read / seconds
}
