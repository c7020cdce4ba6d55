import { expect, test } from 'vitest'
import { Stop } from '../src/stop.js'

test('the first reason stays, and each has its exit code', () => {
  const stop = new Stop()
  expect([stop.reason, stop.exitCode, stop.signal.aborted]).toEqual([null, null, false])
  stop.request('SIGTERM')
  stop.request('closed-output')
  expect([stop.reason, stop.exitCode, stop.signal.aborted]).toEqual(['SIGTERM', 143, true])
})

test('a released stop hears no more signals', () => {
  const before = process.listenerCount('SIGTERM')
  const stop = new Stop()
  stop.listen({ milliseconds: 1000, onExpired: (code) => code })
  expect(process.listenerCount('SIGTERM')).toBe(before + 1)
  stop.release()
  expect(process.listenerCount('SIGTERM')).toBe(before)
})
