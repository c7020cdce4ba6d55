// Reading from Kafka, beside Kafka's own consumer-perf tool and plain kafkajs: `pnpm bench kafka [RECORDS] [RUNS]`.
import { execFile } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { runKafkaTool, startKafka } from '@card/local-kafka'

interface Figures {
  records: number
  seconds: number
  cpuSeconds: number
}

const run = promisify(execFile)
const records = Number(process.argv[2] ?? 1_000_000)
const rounds = Number(process.argv[3] ?? 3)
const kafka = await startKafka({ heap: 1024 })
const folder = mkdtempSync(join(tmpdir(), 'card-bench-kafka-'))
const broker = kafka.brokers[0]!
const perf = 'org.apache.kafka.tools'

console.log(`Node ${process.version}, ${cpus()[0]?.model}, medians of ${rounds} runs in turn, one partition`)
console.log(
  'walk: spans of every record; parse: JSON.parse and a Set; ratio to consumer-perf of the same round\n',
)
console.log('topic       | program       | records/s | ratio | CPU s per million')
try {
  for (const length of [250, 2048]) {
    for (const codec of ['none', 'lz4']) await compare(length, codec, length === 250 ? records : records / 4)
  }
} finally {
  await kafka.stop()
  rmSync(folder, { recursive: true })
}

async function compare(length: number, codec: string, count: number): Promise<void> {
  const topic = `bench-${length}-${codec}`
  const payload = join(folder, `${length}.jsonl`)
  await writePayload(payload, length)
  const properties = ['batch.size=200000', 'linger.ms=100', 'acks=1', `compression.type=${codec}`]
  await runKafkaTool(`${perf}.TopicCommand`, [
    ...['--bootstrap-server', broker, '--create', '--topic', topic, '--partitions', '1'],
  ])
  await runKafkaTool(`${perf}.ProducerPerformance`, [
    ...['--topic', topic, '--num-records', String(count), '--payload-file', payload, '--throughput', '-1'],
    ...['--producer-props', `bootstrap.servers=${broker}`, ...properties],
  ])
  const programs: Record<string, () => Promise<Figures>> = {
    'consumer-perf': () => consumerPerf(topic, count),
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
      `${length} B, ${codec}`.padEnd(11),
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

// Lines that JSON.parse has some work with, as the producer makes them; the tool picks among them at random.
async function writePayload(path: string, length: number): Promise<void> {
  const out = createWriteStream(path)
  for (let i = 0; i < 5000; i++) {
    const uid = (i * 2654435761).toString(16).padStart(19, '0')
    const frame = { uid, ts: 1468244384 + i, nested: { a: [i, true, null], text: `value "${i}"` } }
    const rest = length - JSON.stringify({ ...frame, filler: '' }).length
    out.write(`${JSON.stringify({ ...frame, filler: `${i} `.repeat(length).slice(0, rest) })}\n`)
  }
  await new Promise<void>((resolve) => out.end(resolve))
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
