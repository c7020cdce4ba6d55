// `pnpm chaos [--rounds N] [--seed S] [--fault TEXT]`: workers with durable state count what is sent to two topics, while in each round
// one of them, or the broker, is killed, stopped or held up at a random moment. After each round the highest revision of
// every window has to be the truth, no reader may have seen one go back, and at the end the sums have to add up.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { KafkaClient, KafkaSink, topicOffsets } from '@card/kafka-io'
import { startKafka } from '@card/local-kafka'
import { Random } from './random.js'
import { Results } from './results.js'
import { type Frame, Traffic, Truth, windowSizes } from './traffic.js'
import { Worker } from './worker.js'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    fault: { type: 'string', default: '' },
    program: { type: 'string' },
  },
})
const [rounds, seed] = [Number(values.rounds), Number(values.seed)]
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed) || values.program === undefined) {
  process.stderr.write(
    'usage: pnpm chaos [--rounds N] [--seed S] [--fault TEXT], the first two whole numbers\n',
  )
  process.exit(64)
}
const program = values.program

/** How long the last results of a round may take, ms: the session, the takeover, and twice the idle timeout are in it. */
const patience = 120_000
const mostWorkers = 4
const random = new Random(seed)
const folder = mkdtempSync(join(tmpdir(), 'card-chaos-'))
const kafka = await startKafka()
const { brokers } = kafka
const client = new KafkaClient({ brokers, clientId: 'chaos' })
const inputs = ['chaos-a', 'chaos-b']
const outputs = ['chaos-out-1m', 'chaos-out-1h', 'chaos-out-1d']
await client.admin((admin) =>
  admin.createTopics({
    topics: [...inputs, ...outputs].map((topic) => ({ topic, numPartitions: 4, replicationFactor: 1 })),
    waitForLeaders: false,
  }),
)
for (const topic of [...inputs, ...outputs]) await untilLed(topic)

const state = ['--state', 'chaos', '--checkpoint-interval', '1s', '--session-timeout', '6s']
// Event time runs a hundred times as fast as the clock here. While nobody reads a partition that was idle, windows run on
// without it: what comes after all corrects them only as long as they take late frames.
const words = [
  ...['--brokers', brokers.join(','), '--topic', inputs.join(','), '--out-topic', 'chaos-out-{window}'],
  ...['--windows', windowSizes, '--idle-timeout', '1500ms', '--lateness', '30m', ...state],
]
const workers = new Set<Worker>()
const start = () => workers.add(new Worker(program, words))
const traffic = new Traffic(random)
const truth = new Truth()
const results = await Results.follow(client, outputs)
const sink = await KafkaSink.open(client)

/** What can happen in a round. Each is over, and healed, when it resolves. */
const faults: Record<string, () => Promise<void>> = {
  async 'kill -9 of a worker'() {
    const worker = random.one([...workers])
    workers.delete(worker)
    await worker.kill()
    start()
  },
  async 'kill -9 of all workers'() {
    const all = [...workers]
    workers.clear()
    await Promise.all(all.map((worker) => worker.kill()))
    for (const _ of all) start()
  },
  async 'a worker held up beyond its session'() {
    const worker = random.one([...workers])
    worker.pause()
    await pause(8000)
    worker.resume()
  },
  async 'a worker held up for a moment'() {
    const worker = random.one([...workers])
    worker.pause()
    await pause(random.whole(50, 1500))
    worker.resume()
  },
  async 'a graceful stop'() {
    const worker = random.one([...workers])
    workers.delete(worker)
    const code = await worker.stop()
    if (code !== 0) throw new Error(`a worker that was asked to stop ended with ${code}: ${worker.said}`)
    start()
  },
  async 'one worker more'() {
    start()
  },
  async 'kill -9 of the broker'() {
    await kafka.kill(1)
    await kafka.restart(1)
    for (const topic of inputs) await untilLed(topic)
  },
}

let failure: unknown = null
try {
  process.stdout.write(`seed ${seed}\n`)
  start()
  start()
  for (let round = 1; round <= rounds; round++) await play(round)
  await checkSums()
  process.stdout.write(
    `${rounds} rounds, ${truth.frames} frames, ${truth.windows.size} windows: no deviation\n`,
  )
} catch (error) {
  failure = error
} finally {
  for (const worker of workers) await worker.kill()
  await results.close()
  await sink.close()
  await kafka.stop()
  rmSync(folder, { recursive: true, force: true })
}
if (failure !== null) {
  process.stderr.write(`seed ${seed}: ${failure instanceof Error ? failure.message : String(failure)}\n`)
  process.exit(1)
}

/** Sends a round's frames in parts, with the fault after one of them, and waits for the truth. */
async function play(round: number): Promise<void> {
  const began = performance.now()
  const possible = Object.keys(faults).filter((fault) => fault.includes(values.fault))
  const name = random.one(
    possible.filter((fault) => fault !== 'one worker more' || workers.size < mostWorkers),
  )
  const frames = traffic.take(random.whole(1500, 4000), inputs.length)
  const part = Math.ceil(frames.length / 5)
  const at = random.whole(0, 4)
  let fault: Promise<void> | null = null
  for (let i = 0; i < 5; i++) {
    await send(frames.slice(i * part, (i + 1) * part))
    if (i === at) {
      await pause(random.whole(0, 400))
      fault = faults[name]!()
      // Nothing is sent while there is no broker to take it once.
      if (name.endsWith('the broker')) await fault
    }
    await pause(random.whole(50, 400))
  }
  await fault
  await untilTrue().catch((error) => {
    const said = Array.from(workers, (worker, i) => `worker ${i}: ${worker.said}`)
    throw new Error(`round ${round}, ${name}: ${error.message}\n${said.join('\n')}`)
  })
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  process.stdout.write(
    `round ${round}: ${name}, ${workers.size} workers, ${frames.length} frames, ${seconds} s\n`,
  )
}

async function send(frames: readonly Frame[]): Promise<void> {
  for (const [i, topic] of inputs.entries()) {
    const of = frames.filter((frame) => frame.topic === i)
    await sink.send(
      topic,
      of.map(({ user, time }) => ({ key: user, value: JSON.stringify({ uid: user, ts: time / 1000 }) })),
    )
    for (const frame of of) truth.add(frame)
  }
}

/** @throws Error where the results are not the truth in time, or have gone back */
async function untilTrue(): Promise<void> {
  const wanted = truth.windows
  for (const until = performance.now() + patience; ; await pause(100)) {
    if (results.problems.length > 0) throw new Error(results.problems.join('\n'))
    const ended = [...workers].find(({ hasEnded }) => hasEnded)
    if (ended !== undefined) throw new Error(`a worker has ended by itself: ${ended.said}`)
    const found = results.windows
    const wrong = [...wanted].filter(([key, content]) => found.get(key) !== content)
    if (wrong.length === 0 && found.size === wanted.size) return
    if (performance.now() < until) continue
    const some = wrong
      .slice(0, 5)
      .map(([key, content]) => `${key}: expected ${content}, found ${found.get(key)}`)
    throw new Error(`${wrong.length} of ${wanted.size} windows are not the truth:\n${some.join('\n')}`)
  }
}

/** One worker alone has all partitions, and every frame in its sums. */
async function checkSums(): Promise<void> {
  for (const worker of workers) {
    const code = await worker.stop()
    if (code !== 0) throw new Error(`a worker that was asked to stop ended with ${code}: ${worker.said}`)
  }
  workers.clear()
  const summary = join(folder, 'summary.json')
  const last = new Worker(program, [...words, '--until', 'end', '--summary', summary])
  const code = await last.end()
  if (code !== 0) throw new Error(`the last worker ended with ${code}: ${last.said}`)
  const { lines, counted, windows } = JSON.parse(readFileSync(summary, 'utf8'))
  const expected = [truth.frames, truth.frames, truth.windows.size]
  if (String([lines, counted, windows]) !== String(expected)) {
    throw new Error(`expected ${expected} lines, counted and windows, found ${lines},${counted},${windows}`)
  }
}

/** Waits until a leader of each partition answers. */
async function untilLed(topic: string): Promise<void> {
  for (;;) {
    const offsets = await topicOffsets(client, topic).catch(() => [])
    if (offsets.length === 4) return
    await pause(50)
  }
}
