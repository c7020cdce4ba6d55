import { describe, expect, test } from 'vitest'
import {
  BadValue,
  brokerList,
  byteSize,
  decimal,
  duration,
  durationOrOff,
  filePath,
  listenAddress,
  oneOf,
  percentage,
  topicName,
  wholeNumber,
  yesOrNo,
} from '../../src/index.js'

describe('durations', () => {
  test.each([
    ['500ms', 500],
    ['0s', 0],
    ['5s', 5_000],
    ['1m', 60_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['1w', 604_800_000],
  ])('%s is %d ms', (text, milliseconds) => {
    expect(duration()(text)).toBe(milliseconds)
  })

  test.each(['', '5', '5 s', '-5s', '1.5s', '5S', 's', '1M', '999999999999999999w', 'off'])(
    '"%s" is refused',
    (text) => {
      expect(() => duration()(text)).toThrow('expected a duration')
    },
  )

  test('off stands for no limit, and zero does not', () => {
    const read = durationOrOff({ most: '24d' })
    expect([read('off'), read('10s')]).toEqual([null, 10_000])
    expect(() => read('0s')).toThrow('expected at least 1ms, or off, found "0s"')
    expect(() => read('25d')).toThrow('expected at most 24d, or off, found "25d"')
  })
})

test('sizes are bytes, decimal or binary, within their bounds', () => {
  const read = byteSize(64, 2 ** 28)
  expect(['64', '64B', '64KiB', '1MiB', '10MB'].map(read)).toEqual([64, 64, 65_536, 1_048_576, 10_000_000])
  for (const text of ['63', '1GiB', '-1', '1.5MiB', '1 MiB', '']) {
    expect(() => read(text)).toThrow('expected a size')
  }
})

test('numbers and percentages are held to their bounds', () => {
  expect([wholeNumber(4, 21)('14'), decimal(0, 1)('0.5'), percentage(0.08, 26)('1.5%')]).toEqual([
    14, 0.5, 1.5,
  ])
  expect(percentage(0, 1)('.5')).toBe(0.5)
  for (const text of ['3', '22', '4.5', '', '1e1', '0x10']) {
    expect(() => wholeNumber(4, 21)(text)).toThrow('from 4 to 21')
  }
  for (const text of ['0', '27', 'x', '-1']) {
    expect(() => percentage(0.08, 26)(text)).toThrow('from 0.08 to 26')
  }
})

test('a word is suggested where one is near, and all are named', () => {
  const read = oneOf('exact', 'linear', 'hll')
  expect(read('hll')).toBe('hll')
  expect(() => read('exat')).toThrow('expected exact, linear or hll, found "exat" (did you mean "exact"?)')
  expect([yesOrNo('true'), yesOrNo('0')]).toEqual([true, false])
  expect(() => yesOrNo('yes')).toThrow('expected true or false, found "yes"')
})

test('brokers are hosts with ports, an IPv6 address in brackets', () => {
  expect(brokerList('a:9092, b.c_d-1:1,[::1]:9092')).toEqual(['a:9092', 'b.c_d-1:1', '[::1]:9092'])
  for (const text of ['', 'a', 'a:', ':1', 'a:0', 'a:65536', 'http://a:1', '::1:9092', '[::1', '[x]:1']) {
    expect(() => brokerList(text)).toThrow('expected host:port')
  }
  expect(() => brokerList('a:1,,b:2')).toThrow('found an empty string')
})

test('an address to listen on has a port, and 127.0.0.1 where no host is said', () => {
  expect(listenAddress('0.0.0.0:9464')).toEqual({ host: '0.0.0.0', port: 9464 })
  expect(listenAddress('9464')).toEqual({ host: '127.0.0.1', port: 9464 })
  expect(listenAddress('[::1]:0')).toEqual({ host: '::1', port: 0 })
  for (const text of ['', 'a', 'a:', '65536', 'http://a:1']) {
    expect(() => listenAddress(text)).toThrow('expected an address')
  }
})

test('topics are named as Kafka allows it, and a path is no stream', () => {
  expect([topicName('a.b_c-1'), filePath('./a b')]).toEqual(['a.b_c-1', './a b'])
  for (const text of ['', '.', '..', 'a b', 'ü', 'a'.repeat(250)])
    expect(() => topicName(text)).toThrow(BadValue)
  for (const text of ['', '-']) expect(() => filePath(text)).toThrow(BadValue)
})
