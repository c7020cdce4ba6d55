// The main job on a real broker: `pnpm demo:kafka [EVENT_SECONDS]`. A local Kafka, two topics, a producer that sends
// at twenty times the speed of the events, counter-worker from topic to topic, and its results as they come. Ends
// when every window has its true number and the worker's sums are those of what was sent, or on Ctrl-C; what it started
// ends with it.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startKafka } from '../local-kafka/src/index.js'
import { buildApps, root } from './apps.js'

const [seconds = '600'] = process.argv.slice(2)
if (!/^[1-9]\d{0,5}$/.test(seconds)) {
  process.stderr.write('usage: pnpm demo:kafka [EVENT_SECONDS], a whole number from 1\n')
  process.exit(64)
}
const frames = ['--seconds', seconds, '--rate', '200', '--line-length', '250', '--users', '20000']
const disorder = ['--late-probability', '1', '--late-max', '4', '--malformed', '0.1']
/** How long the last results may take after the last frame, ms. */
const patience = 60_000

const folder = mkdtempSync(join(tmpdir(), 'card-demo-'))
const truthFile = join(folder, 'truth.json')
const summaryFile = join(folder, 'summary.json')
/** @type {Map<string, import('node:child_process').ChildProcess>} */
const running = new Map()
/** @type {ReturnType<typeof startKafka> | undefined} */
let starting
let stopping = false

/** @type {Promise<'asked'>} */
const asked = new Promise((resolve) => {
  let signals = 0
  const listener = () => {
    // The broker has a guard of its own: it ends with this process, in whatever way.
    if (++signals > 1) process.exit(130)
    stopping = true
    resolve('asked')
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, listener)
})

try {
  const end = await Promise.race([demo(), asked])
  if (end === 'asked') say('Stopping')
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
// One that is still starting is waited for: cut short, it would leave a tool of Kafka behind for a moment.
const kafka = await starting?.catch(() => undefined)
await Promise.all([...running.values()].map(ended))
await kafka?.stop()
rmSync(folder, { recursive: true, force: true })
process.exit()

async function demo() {
  buildApps(['producer', 'counter-worker'])
  say('Starting Kafka (its jars are fetched the first time)')
  starting = startKafka()
  const kafka = await starting
  const brokers = kafka.brokers.join(',')
  const program = join(root, 'tools', 'local-kafka', 'src', 'main.js')
  const topics = [
    ['frames', '--partitions', '4', '--config', 'message.timestamp.type=LogAppendTime'],
    ['unique-users.1m', '--config', 'cleanup.policy=compact'],
  ]
  for (const topic of topics) {
    await untilEnded('create', start('create', [program, 'create', ...topic, '--brokers', brokers]))
  }
  say(`Kafka runs at ${brokers}. From topic frames to topic unique-users.1m; Ctrl-C ends it all.`)
  const tail = start('tail', [program, 'tail', 'unique-users.1m', '--from', 'earliest', '--brokers', brokers])
  const results = newestCounts(tail)
  const worker = start('counter-worker', [
    ...[app('counter-worker'), '--brokers', brokers, '--topic', 'frames'],
    ...['--from', 'earliest', '--out-topic', 'unique-users.{window}', '--idle-timeout', '2s'],
    ...['--summary', summaryFile],
  ])
  const producer = start('producer', [
    ...[app('producer'), 'generate', ...frames, ...disorder, '--pace', '20x', '--profile', 'latency'],
    ...['--topic', 'frames', '--brokers', brokers, '--truth', truthFile],
  ])
  const failed = Promise.race([tail, worker].map((child) => unexpectedEnd(child)))
  await Promise.race([untilEnded('producer', producer), failed])
  say('The producer is done; the windows that are still open come when their partitions are found idle')
  const truth = JSON.parse(readFileSync(truthFile, 'utf8'))
  const windows = truth.windows['1m']
  await Promise.race([results.until(windows), failed])
  await ended(worker)
  compareSums(JSON.parse(readFileSync(summaryFile, 'utf8')), truth)
  say(`${windows.length} windows, every number equals the truth of the producer, and so do the sums`)
}

/**
 * Prints the results, and knows the newest of each window.
 *
 * @param {import('node:child_process').ChildProcess} tail
 */
function newestCounts(tail) {
  /** @type {Map<string, { count: number, events: number }>} */
  const newest = new Map()
  let look = () => {}
  createInterface({ input: /** @type {import('node:stream').Readable} */ (tail.stdout) }).on(
    'line',
    (line) => {
      process.stdout.write(`${line}\n`)
      const { start, count, events } = JSON.parse(line)
      newest.set(start, { count, events })
      look()
    },
  )
  return {
    /**
     * @param {{ start: string, users: number, events: number }[]} windows
     * @returns {Promise<void>} when every window has its number
     */
    until(windows) {
      return new Promise((resolve, reject) => {
        const isTrue = (/** @type {typeof windows[number]} */ { start, users, events }) =>
          newest.get(start)?.count === users && newest.get(start)?.events === events
        look = () => {
          if (windows.every(isTrue)) resolve()
        }
        look()
        setTimeout(() => {
          const wrong = windows.filter((window) => !isTrue(window)).map(({ start }) => start)
          reject(new Error(`Not the truth after ${patience} ms: the windows from ${wrong.join(', ')}`))
        }, patience)
      })
    },
  }
}

/**
 * Every line that was sent is in exactly one class, and in the right one; no frame is later than the worker waits.
 *
 * @param {{ lines: number, blank: number, counted: number, rejected: Record<string, number>, late: Record<string, number> }} summary
 * @param {{ lines: number, blank: number, counted: number, rejected: Record<string, number> }} truth
 */
function compareSums({ lines, blank, counted, rejected, late }, truth) {
  const total = (/** @type {Record<string, number>} */ sums) =>
    Object.values(sums).reduce((sum, count) => sum + count, 0)
  const found = { lines, blank, counted, rejected: sorted(rejected), late: total(late) }
  const expected = {
    ...{ lines: truth.lines, blank: truth.blank, counted: truth.counted },
    ...{ rejected: sorted(truth.rejected), late: 0 },
  }
  const isWhole = blank + counted + total(rejected) + total(late) === lines
  if (isWhole && JSON.stringify(found) === JSON.stringify(expected)) {
    say(
      `${lines} lines = ${counted} counted + ${total(rejected)} rejected + ${total(late)} late + ${blank} blank`,
    )
    return
  }
  throw new Error(`Expected the sums ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`)
}

/** @param {Record<string, number>} sums */
function sorted(sums) {
  return Object.entries(sums).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** @param {string} name */
function app(name) {
  return join(root, 'apps', name, 'dist', 'main.js')
}

/**
 * Starts a program in a session of its own: a signal typed into the terminal reaches this process alone, which ends
 * the others in order.
 *
 * @param {string} name
 * @param {string[]} args
 */
function start(name, args) {
  if (stopping) throw new Error('Stopped')
  // The channel tells tail when this process has been killed; the others end for want of a broker.
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = name === 'tail' ? ['ignore', 'pipe', 'inherit', 'ipc'] : ['ignore', 'ignore', 'inherit']
  const child = spawn(process.execPath, args, { detached: true, stdio })
  running.set(name, child)
  child.once('exit', () => running.delete(name))
  return child
}

/**
 * @param {string} name
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<void>}
 */
function untilEnded(name, child) {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${name} ended with ${code}`))))
  })
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<never>}
 */
function unexpectedEnd(child) {
  return new Promise((_, reject) => {
    child.once('exit', (code) =>
      reject(new Error(`A program ended too early, with ${code}: ${child.spawnargs[1]}`)),
    )
  })
}

/**
 * Asks a program to end, and waits until it has.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<void>}
 */
function ended(child) {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`demo: ${text}\n`)
}
