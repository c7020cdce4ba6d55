// From Kafka to counts, beside Kafka's own consumer-perf tool and plain kafkajs, in one run:
// `pnpm bench kafka [RECORDS] [RUNS] [CODEC,…]`. RECORDS are of 250 B; of 2 KB there are a quarter of them.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { runKafkaTool, startKafka } from '@card/local-kafka'
import { measuredRun } from '@card/testing'

interface Figures {
  records: number
  seconds: number
  cpuSeconds: number
}

const run = promisify(execFile)
const records = Number(process.argv[2] ?? 200_000)
const rounds = Number(process.argv[3] ?? 3)
const codecs = (process.argv[4] ?? 'none').split(',')
const root = fileURLToPath(new URL('../..', import.meta.url))
const program = (name: string) => join(root, 'apps', name, 'dist', 'main.js')
const kafka = await startKafka({ heap: 1024 })
const folder = mkdtempSync(join(tmpdir(), 'card-bench-kafka-'))
const broker = kafka.brokers[0]!
const perf = 'org.apache.kafka.tools'

console.log(`Node ${process.version}, ${cpus()[0]?.model}, medians of ${rounds} runs in turn, one partition`)
console.log('worker: counter-worker --estimator hll --until end, its start on an empty topic taken off;')
console.log(
  'walk: spans of every record; parse: JSON.parse and a Set of users; ratios are to consumer-perf\n',
)
console.log('topic        | program        | records/s | ratio | CPU s per million')
try {
  await createTopic('empty')
  for (const length of [250, 2048]) {
    for (const codec of codecs) await compare(length, codec, length === 250 ? records : records / 4)
  }
} finally {
  await kafka.stop()
  rmSync(folder, { recursive: true })
}

async function compare(length: number, codec: string, count: number): Promise<void> {
  const topic = `bench-${length}-${codec}`
  await createTopic(topic)
  await measuredRun(program('producer'), [
    ...['generate', '--frames', String(count), '--line-length', String(length), '--seed', '7'],
    ...['--topic', topic, '--brokers', broker, '--compression', codec],
  ])
  const programs: Record<string, () => Promise<Figures>> = {
    'consumer-perf': () => consumerPerf(topic, count),
    worker: () => worker(topic),
    'ours, walk': () => peer('kafka-source.js', [topic, 'walk']),
    'ours, parse': () => peer('kafka-source.js', [topic, 'parse']),
    'kafkajs, parse': () => peer('kafkajs-set.js', [topic, String(count)]),
  }
  const figures = new Map<string, { rate: number; ratio: number; cpu: number }[]>()
  for (let round = 0; round < rounds; round++) {
    let reference = 0
    for (const [name, measure] of Object.entries(programs)) {
      const { records: read, seconds, cpuSeconds } = await measure()
      if (read < count) throw new Error(`${name} read ${read} of ${count} records`)
      const rate = read / seconds
      if (name === 'consumer-perf') reference = rate
      const list = figures.get(name) ?? []
      figures.set(name, list)
      list.push({ rate, ratio: rate / reference, cpu: (cpuSeconds / read) * 1e6 })
    }
  }
  for (const [name, list] of figures) {
    const middle = (pick: (each: (typeof list)[number]) => number) =>
      list.map(pick).sort((a, b) => a - b)[Math.floor(list.length / 2)]!
    const cpu = middle((each) => each.cpu)
    const cells = [
      `${length} B, ${codec}`.padEnd(12),
      name.padEnd(14),
      Math.round(middle((each) => each.rate))
        .toLocaleString('en-US')
        .padStart(9),
      middle((each) => each.ratio)
        .toFixed(2)
        .padStart(5),
      Number.isNaN(cpu) ? '-' : cpu.toFixed(2),
    ]
    console.log(cells.join(' | '))
  }
}

async function createTopic(topic: string): Promise<void> {
  await runKafkaTool(`${perf}.TopicCommand`, [
    ...['--bootstrap-server', broker, '--create', '--topic', topic, '--partitions', '1'],
  ])
}

// The start of a process is not its reading: consumer-perf leaves it out of its figures, too.
async function worker(topic: string): Promise<Figures> {
  const summary = join(folder, 'summary.json')
  const count = (from: string) =>
    measuredRun(program('counter-worker'), [
      ...['--brokers', broker, '--topic', from, '--until', 'end'],
      ...['--estimator', 'hll', '--summary', summary],
    ])
  const start = await count('empty')
  const whole = await count(topic)
  return {
    records: JSON.parse(readFileSync(summary, 'utf8')).lines,
    seconds: whole.wallSeconds - start.wallSeconds,
    cpuSeconds: whole.cpuSeconds - start.cpuSeconds,
  }
}

async function consumerPerf(topic: string, count: number): Promise<Figures> {
  const { stdout } = await runKafkaTool(`${perf}.ConsumerPerformance`, [
    ...['--bootstrap-server', broker, '--topic', topic, '--num-records', String(count), '--timeout', '60000'],
  ])
  // start, end, MB, MB/s, records, records/s, rebalance ms, fetch ms, fetch MB/s, fetch records/s
  const fields = stdout
    .trim()
    .split('\n')
    .at(-1)!
    .split(',')
    .map((field) => field.trim())
  return { records: Number(fields[4]), seconds: Number(fields[7]) / 1000, cpuSeconds: Number.NaN }
}

async function peer(name: string, args: string[]): Promise<Figures> {
  const program = fileURLToPath(new URL(`../peers/${name}`, import.meta.url))
  const { stdout } = await run(process.execPath, [
    ...['--conditions=@card/source', '--import', 'tsx', program, broker, ...args],
  ])
  return JSON.parse(stdout)
}
