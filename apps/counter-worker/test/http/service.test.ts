import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { collect, run, start } from '../program.js'

test('a run over stdin serves its health and its figures while it lasts', async () => {
  const child = await start(['--http', '127.0.0.1:0'])
  const ended = collect(child)
  const url = await new Promise<string>((resolve) => {
    let text = ''
    child.stderr!.on('data', (chunk: string) => {
      text += chunk
      const found = /"url":"([^"]+)"/.exec(text)
      if (found !== null) resolve(found[1]!)
    })
  })
  child.stdin!.write('{"uid":"a","ts":1468244384}\nnonsense\n')
  const metrics = async () => (await fetch(`${url}/metrics`)).text()
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

test('an address that is taken ends the run with 1 and one line', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { code, stderr } = await run(['--http', `127.0.0.1:${port}`])
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^counter-worker: cannot listen on [^\n]+\n$/)])
  server.close()
})
