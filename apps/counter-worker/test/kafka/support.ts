import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  KafkaClient,
  KafkaSink,
  KafkaSource,
  recordKey,
  recordValue,
  type SinkRecord,
  topicOffsets,
} from '@card/kafka-io'
import { kafkaForTests, type LocalKafka, type StartOptions, startKafka } from '@card/local-kafka'
import { buildApp } from '@card/testing'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { afterAll, beforeAll, describe, vi } from 'vitest'
import { collect, type Run, start } from '../program.js'

const found = kafkaForTests()
if (found.mode === 'none') process.stderr.write(`\n${found.notice} The tests that need it are skipped.\n\n`)

/** Whether Kafka's own tools are at hand. */
export const hasKafkaTools = found.mode === 'local'

const folder = temporaryFolder('topics')

/** A broker and what tests do with it. */
export class TestBroker {
  kafka: LocalKafka | null = null
  brokers: string[] = []
  client = new KafkaClient({ brokers: ['127.0.0.1:1'] })

  async start(options: StartOptions): Promise<void> {
    this.kafka = found.mode === 'local' ? await startKafka({ shortSessions: true, ...options }) : null
    this.brokers = this.kafka?.brokers ?? (found.mode === 'external' ? found.brokers : [])
    this.client = new KafkaClient({ brokers: this.brokers })
  }

  /** A topic that no other test uses. */
  async topic(
    partitions = 1,
    config: Readonly<Record<string, string>> = {},
    topic = `likes-${randomUUID()}`,
  ): Promise<string> {
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }))
    const topics = [{ topic, numPartitions: partitions, replicationFactor: -1, configEntries }]
    await this.client.admin((admin) => admin.createTopics({ topics, waitForLeaders: false }))
    await this.untilLed(topic, partitions)
    return topic
  }

  /**
   * Waits until a topic has so many partitions, each with a leader that answers: what is sent before that may be sent,
   * and counted, twice. The waiting of kafkajs fails where the broker that it asks has not heard of the topic yet.
   */
  async untilLed(topic: string, partitions: number): Promise<void> {
    const led = async () => (await topicOffsets(this.client, topic).catch(() => [])).length === partitions
    await vi.waitUntil(led, { timeout: 60_000 })
  }

  /** Writes records in their order. */
  async put(topic: string, records: readonly SinkRecord[]): Promise<void> {
    const sink = await KafkaSink.open(this.client)
    await sink.send(topic, records)
    await sink.close()
  }

  /** Every record that the topic has now. */
  async read(topic: string): Promise<{ key: string | null; value: string }[]> {
    const source = await KafkaSource.open(this.client, { topics: [topic], from: 'earliest', until: 'end' })
    const records: { key: string | null; value: string }[] = []
    const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString())
    for await (const event of source) {
      if (event.kind !== 'records') continue
      for (let row = 0; row < event.columns.rows; row++) {
        records.push({
          key: text(recordKey(event.columns, row)),
          value: text(recordValue(event.columns, row))!,
        })
      }
    }
    return records
  }

  /** Starts the worker on a topic. */
  worker(topic: string, ...words: string[]): Promise<Worker> {
    return Worker.start(['--brokers', this.brokers.join(','), '--topic', topic, ...words])
  }

  /** Runs the worker to the end of what the topic has now. */
  async count(topic: string, ...words: string[]): Promise<Counted> {
    const summary = join(folder, randomUUID())
    const worker = await this.worker(topic, '--until', 'end', '--summary', summary, ...words)
    const run = await worker.ended
    if (run.code !== 0) throw new Error(`the worker ended with ${run.code}: ${run.stderr}`)
    return { run, lines: linesOf(run.stdout), summary: JSON.parse(readFileSync(summary, 'utf8')) }
  }
}

export interface Counted {
  readonly run: Run
  readonly lines: readonly Line[]
  readonly summary: Summary
}

interface Summary {
  readonly lines: number
  readonly blank: number
  readonly counted: number
  readonly rejected: Readonly<Record<string, number>>
  readonly late: Readonly<Record<string, number>>
  readonly unfinished: number
  readonly fallbacks: number
}

/** A result line. */
export interface Line {
  readonly window: string
  readonly start: string
  readonly group: string | null
  readonly count: number
  readonly events: number
  readonly pane: string
  readonly revision: number
}

export function linesOf(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
}

/** A worker that runs. */
export class Worker {
  stdout = ''
  stderr = ''
  readonly ended: Promise<Run>
  readonly pid: number
  readonly #kill: (signal: NodeJS.Signals) => void
  readonly closeStdout: () => void

  static async start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Worker> {
    return new Worker(await start(args, { env }))
  }

  private constructor(child: Awaited<ReturnType<typeof start>>) {
    this.ended = collect(child)
    child.stdout!.on('data', (text: string) => {
      this.stdout += text
    })
    child.stderr!.on('data', (text: string) => {
      this.stderr += text
    })
    this.pid = child.pid!
    this.closeStdout = () => child.stdout!.destroy()
    this.#kill = (signal) => child.kill(signal)
  }

  get lines(): Line[] {
    return linesOf(this.stdout.slice(0, this.stdout.lastIndexOf('\n') + 1))
  }

  /** Waits until a look at the worker is true; the test's time limit ends the waiting. */
  async until(look: (worker: Worker) => boolean | Promise<boolean>): Promise<void> {
    let over = false
    const ended = this.ended.then((run) => {
      over = true
      return run
    })
    const seen = async () => {
      try {
        return await look(this)
      } catch (error) {
        // Its service goes before the process does: that it has ended is known a moment later.
        await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 1000))])
        if (over) return false
        throw error
      }
    }
    while (!(await seen())) {
      if (over) throw new Error(`the worker has ended with ${(await ended).code}: ${this.stderr}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** The address of its service, once it is served. */
  async url(): Promise<string> {
    await this.until(({ stderr }) => stderr.includes('"url"'))
    return /"url":"([^"]+)"/.exec(this.stderr)![1]!
  }

  /** Asks it to stop, and waits for its end. */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Run> {
    this.#kill(signal)
    return this.ended
  }
}

/** Tests on a broker, one for the whole file; skipped, with a notice, where there is none. */
export function describeKafka(name: string, tests: (broker: TestBroker) => void): void {
  // Nobody restarts it, so its session may be one that a busy machine does not run out.
  describeWith(found.mode === 'none', name, { shortSessions: false }, tests)
}

/** Tests that kill their broker, or need it set up so. */
export function describeLocalKafka(
  name: string,
  options: StartOptions,
  tests: (broker: TestBroker) => void,
): void {
  describeWith(found.mode !== 'local', name, options, tests)
}

function describeWith(
  skipped: boolean,
  name: string,
  options: StartOptions,
  tests: (broker: TestBroker) => void,
): void {
  describe.skipIf(skipped)(name, () => {
    const broker = new TestBroker()
    beforeAll(() => broker.start(options), 120_000)
    afterAll(() => broker.kafka?.stop())
    tests(broker)
  })
}

export interface Truth {
  readonly windows: Readonly<
    Record<string, readonly { start: string; group: string | null; users: number; events: number }[]>
  >
  readonly lines: number
  readonly blank: number
  readonly counted: number
  readonly rejected: Readonly<Record<string, number>>
}

let producer: Promise<string> | undefined

/** A generated stream, and what a correct counter makes of it. */
export async function generate(...words: string[]): Promise<{ records: SinkRecord[]; truth: Truth }> {
  const out = join(folder, randomUUID())
  const truth = await generateTo('--out', out, ...words)
  return { records: linesAsRecords(readFileSync(out)), truth }
}

/** Generates a stream into where the words say. @returns what a correct counter makes of it */
export async function generateTo(...words: string[]): Promise<Truth> {
  producer ??= buildApp(fileURLToPath(new URL('../../../producer', import.meta.url)))
  const truth = join(folder, randomUUID())
  const args = ['generate', ...words, '--truth', truth]
  const child = spawn(process.execPath, [await producer, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  const { code, stderr } = await collect(child)
  if (code !== 0) throw new Error(`the producer ended with ${code}: ${stderr}`)
  return JSON.parse(readFileSync(truth, 'utf8')) as Truth
}

function linesAsRecords(bytes: Buffer): SinkRecord[] {
  const records: SinkRecord[] = []
  for (let from = 0; from < bytes.length; ) {
    const to = bytes.indexOf(0x0a, from)
    records.push(recordOf(bytes.subarray(from, to)))
    from = to + 1
  }
  return records
}

/** A line as a record, keyed by its user where it has one. */
function recordOf(value: Buffer): SinkRecord {
  try {
    const { uid } = JSON.parse(value.toString()) as { uid?: unknown }
    if (typeof uid === 'string') return { key: uid, value }
  } catch {}
  return { value }
}

/** The truth as result lines say it. */
export function expected({ windows }: Truth): string[] {
  return Object.entries(windows)
    .flatMap(([window, all]) =>
      all.map(({ start, group, users, events }) => [window, start, group, users, events]),
    )
    .map((each) => JSON.stringify(each))
    .sort()
}

/** The highest revision of each result, as `expected` says the truth. */
export function latest(lines: readonly Line[]): string[] {
  const newest = new Map<string, Line>()
  for (const line of lines) {
    const key = JSON.stringify([line.window, line.start, line.group])
    if (line.revision >= (newest.get(key)?.revision ?? -1)) newest.set(key, line)
  }
  return [...newest.values()]
    .map(({ window, start, group, count, events }) => JSON.stringify([window, start, group, count, events]))
    .sort()
}

/** A frame of a user at a time in seconds. */
export function frame(uid: string, ts: number): SinkRecord {
  return { key: uid, value: `{"uid":"${uid}","ts":${ts}}` }
}
