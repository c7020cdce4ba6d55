import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kafkaForTests } from '../src/index.js'
import { fixedPorts } from '../src/ports.js'

const main = fileURLToPath(new URL('../src/main.js', import.meta.url))
const data = join(mkdtempSync(join(tmpdir(), 'card-kafka-cli-')), 'data')
const found = kafkaForTests()

afterAll(() => rmSync(join(data, '..'), { recursive: true, force: true }))

describe('the command line refuses', () => {
  test.each([
    [['nonsense'], 'Unknown command nonsense'],
    [['constructor'], 'Unknown command constructor'],
    [['start', '--nodes', '2'], '--nodes is 1 or 3, found 2'],
    [['start', 'now'], 'start does not take now'],
    [['stop', '--nodes', '1'], 'stop does not take --nodes'],
    [['tail'], 'tail needs a TOPIC'],
    [['create', 'a', '--partitions', '0'], '--partitions is a whole number from 1, found 0'],
    [['put', 'a', '--bogus'], '--bogus'],
  ])('%j with exit code 64', async (args, text) => {
    const { code, stderr } = await run(args)
    expect(stderr).toContain(text)
    expect(code).toBe(64)
  })
})

test('asking a Kafka that does not run says so', async () => {
  expect((await run(['status'])).stdout).toBe('Kafka does not run\n')
  const { code, stderr } = await run(['topics'])
  expect(code).toBe(1)
  expect(stderr).toContain('start it')
})

describe.skipIf(found.mode !== 'local')('from start to clean', () => {
  let port: number
  beforeAll(async () => {
    port = await neighbouringPorts(6)
    const { code, stdout, stderr } = await run(['start', '--port', String(port)])
    expect([code, stdout, stderr.replace(/.*fetching.*\n/, '')]).toEqual([
      0,
      expect.stringContaining(`ready: 127.0.0.1:${port}`),
      '',
    ])
  })
  afterAll(async () => {
    await run(['stop'])
  })

  test('a second start finds it running, and another number of nodes is refused', async () => {
    expect((await run(['start'])).stdout).toContain('runs already')
    expect((await run(['start', '--nodes', '3'])).stderr).toContain('stop it first')
    expect((await run(['status'])).stdout).toContain(`127.0.0.1:${port}`)
  })

  test('lines put into a topic come out of it, keys split off, blank and unended lines too', async () => {
    expect((await run(['create', 'lines', '--config', 'cleanup.policy=compact'])).stdout).toContain('created')
    expect((await run(['create', 'lines'])).stdout).toContain('exists already')
    expect((await run(['create', 'lines', '--partitions', '4'])).code).toBe(1)
    const put = await run(['put', 'lines', '--key-separator', '|'], 'a|1\nb|\u20282\nc|\nd|last')
    expect(put.stderr).toContain('4 records')
    const { stdout } = await run(['tail', 'lines', '--from', 'earliest', '--max', '4', '--keys'])
    expect(stdout).toBe('a\t1\nb\t\u20282\nc\t\nd\tlast\n')
    expect((await run(['tail', 'lines', '--partition', '0', '--from', '3', '--max', '1'])).stdout).toBe(
      'last\n',
    )
    expect((await run(['topics'])).stdout).toContain('lines\t1 partition\t4 offsets')
  })

  test('a topic or partition that does not exist is an error at once', async () => {
    await run(['create', 'one'])
    for (const [args, says] of [
      [['tail', 'nope'], 'There is no topic nope'],
      [['tail', 'nope', '--from', 'earliest'], 'There is no topic nope'],
      [['put', 'nope'], 'There is no topic nope'],
      [['tail', 'one', '--partition', '1', '--from', '0'], 'There is no partition 1 of one'],
    ] as const) {
      const { code, stderr } = await run([...args], 'a line\n')
      expect([code, stderr]).toEqual([1, expect.stringContaining(says)])
    }
  })

  test('tail that was started over a channel ends with who started it', async () => {
    await run(['create', 'endless'])
    const env = { ...process.env, CARD_KAFKA_DATA: data, KAFKA_BROKERS: '' }
    const child = fork(main, ['tail', 'endless', '--from', 'earliest'], { env, execArgv: [], silent: true })
    child.stderr!.resume()
    const ended = Promise.all([once(child, 'exit'), once(child.stdout!, 'close')])
    const line = once(createInterface(child.stdout!), 'line')
    await run(['put', 'endless'], 'a line\n')
    expect(await line).toEqual(['a line'])
    child.disconnect()
    // Its console consumer holds the same stdout: where that is closed, it is gone, too.
    expect((await ended)[0]).toEqual([1, null])
  })

  test('stop keeps the data, clean removes it', async () => {
    expect((await run(['clean'])).code).toBe(1)
    expect((await run(['stop'])).stdout).toContain('stopped')
    expect((await run(['status'])).stdout).toBe('Kafka does not run\n')
    expect((await run(['start', '--nodes', '3'])).stderr).toContain('--nodes 1')
    expect((await run(['start', '--port', String(port)])).code).toBe(0)
    expect((await run(['topics'])).stdout).toContain('lines')
    await run(['stop'])
    expect((await run(['clean'])).code).toBe(0)
    expect(existsSync(data)).toBe(false)
  })

  test('three nodes are started, used, and end when the process that holds them gets kill -9', async () => {
    expect((await run(['start', '--nodes', '3', '--port', String(port)])).stdout).toMatch(/ready: .*,.*,/)
    expect((await run(['create', 'three', '--partitions', '3'])).stdout).toContain('3 partitions')
    await run(['put', 'three'], 'a\nb\nc\n')
    const { stdout } = await run(['tail', 'three', '--from', 'earliest', '--max', '3'])
    expect(stdout.trim().split('\n').sort()).toEqual(['a', 'b', 'c'])
    const [, brokers, pid] = /runs: (\S+), .* process (\d+)/.exec((await run(['status'])).stdout)!
    // Held open: each connection closes, or is reset, exactly when the broker's process is gone.
    const sockets = brokers!.split(',').map((broker) => {
      const [host, at] = broker.split(':')
      return createConnection({ host: host!, port: Number(at) }).on('error', () => {})
    })
    const gone = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)))
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    process.kill(Number(pid), 'SIGKILL')
    await Promise.all(gone)
    expect((await run(['status'])).stdout).toBe('Kafka does not run\n')
    expect((await run(['clean'])).code).toBe(0)
  })

  test('a port that is taken is named', async () => {
    const server = createServer().listen(port, '127.0.0.1')
    const { code, stderr } = await run(['start', '--port', String(port)])
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${port} cannot be used (EADDRINUSE)`)])
    await new Promise((resolve) => server.close(resolve))
  })
})

/** The first of free ports that no system gives away by itself, so that they are still free after a stop. */
async function neighbouringPorts(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000)
    const taken = await fixedPorts(first, count).then(
      () => false,
      () => true,
    )
    if (!taken) return first
  }
}

interface Ended {
  code: number
  stdout: string
  stderr: string
}

function run(args: string[], input = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, CARD_KAFKA_DATA: data, KAFKA_BROKERS: '' }
    const child = execFile(process.execPath, [main, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
    child.stdin!.end(input)
  })
}
