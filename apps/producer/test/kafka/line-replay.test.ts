import type { SinkRecord } from '@card/kafka-io'
import { expect, test } from 'vitest'
import { FrameRecords } from '../../src/kafka/frame-records.js'
import { LineReplay } from '../../src/kafka/line-replay.js'

const frame = (user: string) => Buffer.from(`{"uid":"${user}","ts":1}`)

function replayInto(send: (records: readonly SinkRecord[]) => Promise<void>, batchSize = 100) {
  return new LineReplay({
    records: new FrameRecords({ keyed: true, key: 'uid', time: 'ts', timeUnit: 'auto', maxLine: 1000 }),
    send,
    batchSize,
    pace: null,
    linger: 1,
    now: () => 0,
    signal: new AbortController().signal,
  })
}

test('one batch is sent at a time, in order, while the next one fills', async () => {
  let open = 0
  const seen: string[] = []
  const replay = replayInto(async (records) => {
    expect(++open).toBe(1)
    await new Promise((resolve) => setImmediate(resolve))
    seen.push(...records.map(({ key }) => String(Buffer.from(key as Uint8Array))))
    open--
  })
  const users = Array.from({ length: 1000 }, (_, i) => `u${i}`)
  await replay.take(users.slice(0, 777).map(frame))
  await replay.take(users.slice(777).map(frame))
  await replay.end()
  expect(seen).toEqual(users)
  expect(replay.sent).toBe(1000)
})

test('a failed send ends it with its error, also the last one', async () => {
  for (const failing of [1, 3, 10]) {
    let sends = 0
    const replay = replayInto(async () => {
      if (++sends === failing) throw new Error('refused')
    }, 1)
    const whole = async () => {
      await replay.take(Array.from({ length: 10 }, (_, i) => frame(`u${i}`)))
      await replay.end()
    }
    await expect(whole()).rejects.toThrow('refused')
  }
})
