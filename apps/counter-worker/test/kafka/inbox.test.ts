import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Inbox } from '../../src/kafka/inbox.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A source of events that come when they are told to, and note how often they were asked for. */
function sourceOf() {
  let settle: {
    resolve: (event: IteratorResult<string, void>) => void
    reject: (error: unknown) => void
  } | null = null
  const source = {
    asked: 0,
    next() {
      source.asked++
      return new Promise<IteratorResult<string, void>>((resolve, reject) => {
        settle = { resolve, reject }
      })
    },
    send: (value: string) => settle!.resolve({ done: false, value }),
    end: () => settle!.resolve({ done: true, value: undefined }),
    fail: (error: unknown) => settle!.reject(error),
  }
  return source
}

test('what was posted comes first, then a tick, then the event of the source, which is asked for once', async () => {
  const source = sourceOf()
  const inbox = new Inbox<string, number>(source, 100)
  const first = inbox.next()
  source.send('event')
  expect(await first).toBe('event')
  const next = inbox.next()
  inbox.post(1)
  expect(await next).toBe(1)
  source.send('another')
  await vi.advanceTimersByTimeAsync(250)
  inbox.post(2)
  expect([await inbox.next(), await inbox.next(), await inbox.next()]).toEqual([2, 'tick', 'another'])
  expect(source.asked).toBe(2)
  inbox.close()
})

test('a tick wakes who waits, and several periods are one tick', async () => {
  const source = sourceOf()
  const inbox = new Inbox<string, number>(source, 100)
  const next = inbox.next()
  await vi.advanceTimersByTimeAsync(1000)
  expect(await next).toBe('tick')
  await vi.advanceTimersByTimeAsync(1000)
  expect(await inbox.next()).toBe('tick')
  const last = inbox.next()
  source.end()
  expect(await last).toBe(null)
  inbox.close()
})

test('what the source throws, or what failed otherwise, is thrown by the next one', async () => {
  const source = sourceOf()
  const inbox = new Inbox<string, number>(source, 100)
  const next = inbox.next()
  source.fail(new Error('gone'))
  await expect(next).rejects.toThrow('gone')
  const another = inbox.next()
  inbox.fail(new Error('no answer'))
  await expect(another).rejects.toThrow('no answer')
  inbox.close()
})
