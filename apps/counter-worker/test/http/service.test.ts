import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, test, vi } from 'vitest'
import { metricTable } from '../../src/http/metric-table.js'
import { collect, run, start } from '../program.js'

/** Starts a run over stdin, and waits until it is served. */
async function serve(...words: string[]) {
  const child = await start(['--http', '127.0.0.1:0', ...words])
  const ended = collect(child)
  const url = await new Promise<string>((resolve) => {
    let text = ''
    child.stderr!.on('data', (chunk: string) => {
      text += chunk
      const found = /"url":"([^"]+)"/.exec(text)
      if (found !== null) resolve(found[1]!)
    })
  })
  return { child, ended, url, metrics: async () => (await fetch(`${url}/metrics`)).text() }
}

test('a run over stdin serves its health and its figures while it lasts', async () => {
  const { child, ended, url, metrics } = await serve()
  child.stdin!.write('{"uid":"a","ts":1468244384}\nnonsense\n')
  while (!(await metrics()).includes('card_rejected_total{reason="not-json"} 1\n'));
  const text = (await metrics()).split('\n')
  // One frame of one user is held by the far-future guard: it is neither counted nor late yet.
  for (const line of ['card_frames_total{outcome="counted"} 0', 'card_frames_total{outcome="late"} 0']) {
    expect(text).toContain(line)
  }
  expect(text.some((line) => line.startsWith('card_consumer_lag_records{'))).toBe(false)
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  expect((await fetch(`${url}/nothing`)).status).toBe(404)
  child.stdin!.end()
  const { code, stdout } = await ended
  expect([code, stdout]).toEqual([0, expect.stringContaining('"count":1')])
})

test('while nothing that was read could be counted it is not ready, and says why', async () => {
  const { child, ended, url } = await serve()
  child.stdin!.write('{"user":"a","ts":1468244400}\n'.repeat(1000))
  const readiness = async () => {
    const response = await fetch(`${url}/readyz`)
    return [response.status, await response.json()]
  }
  await vi.waitUntil(async () => (await readiness())[0] === 503, { timeout: 20_000 })
  expect(await readiness()).toEqual([
    503,
    { status: 'none of the 1,000 lines so far could be counted: missing-key' },
  ])
  child.stdin!.write('{"uid":"a","ts":1468244400}\n')
  await vi.waitUntil(async () => (await readiness())[0] === 200, { timeout: 20_000 })
  child.stdin!.end()
  expect((await ended).code).toBe(0)
})

test('the delay of final results is from the end of their window to the wall clock, the memory that of open windows', async () => {
  const { child, ended, metrics } = await serve(
    '--windows',
    '7s,70s',
    '--out-of-order',
    '0s',
    '--max-ahead',
    'off',
  )
  const read = (text: string, name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1])
  // Three windows of seven seconds, of which two end, within one of seventy, which stays open.
  const from = Math.floor(Date.now() / 70_000) * 70 - 70
  const frames = [0, 7, 14].flatMap((after) => ['a', 'b', 'c'].map((uid) => ({ uid, ts: from + after })))
  const least = 2 * (Date.now() / 1000) - (from + 7) - (from + 14)
  child.stdin!.write(frames.map((frame) => `${JSON.stringify(frame)}\n`).join(''))
  let text = ''
  while (!text.includes('card_end_to_end_delay_seconds_count 2\n')) text = await metrics()
  const most = 2 * (Date.now() / 1000) - (from + 7) - (from + 14)
  const sum = read(text, 'card_end_to_end_delay_seconds_sum')
  expect(sum).toBeGreaterThanOrEqual(least - 0.01)
  expect(sum).toBeLessThanOrEqual(most + 0.01)
  for (const size of ['7s', '70s']) {
    expect(read(text, `card_estimator_bytes{window="${size}"}`)).toBeGreaterThan(0)
  }
  child.stdin!.end()
  await ended
})

test('every metric of the table is served', async () => {
  const { child, ended, metrics } = await serve()
  const text = await metrics()
  for (const [name, { type }] of Object.entries(metricTable))
    expect(text).toContain(`# TYPE ${name} ${type}\n`)
  child.stdin!.end()
  await ended
})

test('a client that connects and says nothing does not keep the program from its end', async () => {
  const { child, ended, url } = await serve()
  const silent = connect(Number(new URL(url).port), '127.0.0.1')
  await once(silent, 'connect')
  const closed = once(silent, 'close')
  silent.on('error', () => {}).resume()
  child.stdin!.end()
  expect((await ended).code).toBe(0)
  await closed
})

test.each([
  ['over stdin', []],
  ['of topics, before any broker is asked', ['--brokers', '127.0.0.1:1', '--topic', 'likes']],
])('an address that is taken ends a run %s with 1 and one line', async (_name, words) => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { code, stderr } = await run(['--http', `127.0.0.1:${port}`, ...words])
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^[^\n]*cannot listen on [^\n]+\n$/)])
  server.close()
})
