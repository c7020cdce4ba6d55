import type { FrameOptions } from '@card/frames'
import { describe, expect, test } from 'vitest'
import { fitSettings } from '../../src/advice/fit-settings.js'

const defaults: FrameOptions = { key: 'uid', time: 'ts', timeUnit: 'auto', groupBy: null, maxLine: 1 << 20 }

/** What is proposed for frames like this one, of which the text of the key changes. */
function flags(frame: object, options: Partial<FrameOptions> = {}): readonly string[] | null {
  const lines = Array.from({ length: 5 }, () => Buffer.from(JSON.stringify(frame)))
  return fitSettings(lines, { ...defaults, ...options }).fit?.flags ?? null
}

describe('settings that fit', () => {
  test.each<[string, object, Partial<FrameOptions>, string[] | null]>([
    ['what fits stays as it is', { uid: 'a', ts: 1468244384 }, {}, []],
    ['another name of the user', { userid: 'a', ts: 1468244384 }, {}, ['--key userid']],
    ['a name that differs in case alone', { UID: 'a', user: 'b', ts: 1468244384 }, {}, ['--key UID']],
    ['a member inside another', { payload: { uid: 'a' }, ts: 1468244384 }, {}, ['--key payload.uid']],
    ["a user's id, not the name", { user: { name: 'b', id: 7 }, ts: 1468244384 }, {}, ['--key user.id']],
    [
      "a user's id, not the request's",
      { request: { id: 'r' }, user: { id: 7 }, ts: 1468244384 },
      {},
      ['--key user.id'],
    ],
    ['the user, not the request', { request_id: 'r', user_id: 7, ts: 1468244384 }, {}, ['--key user_id']],
    [
      'milliseconds under --time-unit s',
      { uid: 'a', ts: 1468244384000 },
      { timeUnit: 's' },
      ['--time-unit auto'],
    ],
    [
      'numbers under --time-unit iso',
      { uid: 'a', ts: 1468244384 },
      { timeUnit: 'iso' },
      ['--time-unit auto'],
    ],
    ['another name of the time', { uid: 'a', id: 5, '@timestamp': 1468244384 }, {}, ['--time @timestamp']],
    ['a number that is no time', { uid: 'a', date: 20160711 }, {}, null],
    [
      'a name with a dot',
      { 'id.orig_h': '10.0.0.1', ts: 1468244384 },
      { key: 'id.orig_h' },
      ["--key 'id\\.orig_h'"],
    ],
    [
      'a flattened name of a time',
      { uid: 'a', 'event.time': '2016-07-11T13:39:44Z' },
      { time: 'event.time' },
      ["--time 'event\\.time'"],
    ],
    ['no key', { level: 'info', ts: 1468244384 }, {}, null],
    ['a key that is no text', { uid: { a: 1 }, login: 'x', ts: 1468244384 }, {}, ['--key login']],
    [
      'a group that is no text',
      { uid: 'a', ts: 1468244384, tags: [] },
      { groupBy: 'tags' },
      ['no --group-by'],
    ],
  ])('%s', (_, frame, options, expected) => {
    expect(flags(frame, options)).toEqual(expected)
  })

  test('nothing in a frame reaches a prototype, and names a shell would read are quoted', () => {
    const lines = [Buffer.from('{"__proto__":{"x":1},"user id":"a","ts":1468244384}')]
    expect(fitSettings(lines, defaults).fit?.flags).toEqual(["--key 'user id'"])
    expect(({} as { x?: number }).x).toBe(undefined)
  })
})
