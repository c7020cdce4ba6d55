import { expect, test } from 'vitest'
import { FrameStream } from '../../src/frames/frame-stream.js'
import { unpaced } from '../../src/output/pacing.js'
import { pump } from '../../src/output/pump.js'
import { StreamSums } from '../../src/truth/stream-sums.js'
import { generateOptions } from '../options/sources.js'

/** A pump of a thousand frames into this write. */
function pumped(write: (bytes: Uint8Array) => Promise<void>, signal = new AbortController().signal) {
  const stream = new FrameStream(generateOptions({ frames: '1000', lineLength: '100' }))
  const sums = new StreamSums()
  const progress = { update() {}, stop() {} }
  const sink = { writeSize: 4096, write, close: async () => {} }
  return { sums, stream, done: pump({ stream, sums, truth: null, sink, pacing: unpaced, progress, signal }) }
}

test('the next write begins only when the one before has ended', async () => {
  let open = 0
  let most = 0
  const { done, sums } = pumped(async () => {
    most = Math.max(most, ++open)
    await new Promise((resolve) => setImmediate(resolve))
    open--
  })
  await done
  expect({ most, lines: sums.lines }).toEqual({ most: 1, lines: 1000 })
})

test('a buffer does not change while it is being written', async () => {
  const changed: boolean[] = []
  const { done } = pumped(async (bytes) => {
    const before = Buffer.from(bytes)
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
    changed.push(!before.equals(bytes))
  })
  await done
  expect(changed.length).toBeGreaterThan(10)
  expect(changed).not.toContain(true)
})

test('a failed write ends the pump with its error, also the last one', async () => {
  let all = 0
  await pumped(async () => {
    all++
  }).done
  for (const failing of [1, 5, all]) {
    let writes = 0
    const { done } = pumped(async () => {
      if (++writes === failing) throw new Error('no space')
    })
    await expect(done).rejects.toThrow('no space')
  }
})

test('after the stop signal what was generated is still written', async () => {
  const stop = new AbortController()
  let bytes = 0
  const { done, sums, stream } = pumped(async (piece) => {
    bytes += piece.length
    stop.abort()
  }, stop.signal)
  await done
  expect(stream.done).toBe(false)
  expect(bytes).toBe(sums.bytes)
})
