import { describe, expect, test } from 'vitest'
import { murmur3 } from '../src/frame/murmur3.js'
import { FrameReader, FrameStatus, KeyReader } from '../src/index.js'
import { LineFuzzer } from './line-fuzzer.js'
import { bytesOf } from './read-all.js'

const text = (bytes: Uint8Array | null) => (bytes === null ? null : new TextDecoder().decode(bytes))

describe('the key of a frame', () => {
  test.each([
    ['{"uid":"a","ts":1}', 'uid', 'a'],
    ['{"uid":"a","uid":"b"}', 'uid', 'b'],
    [' \t{ "x" : {"uid":"n"} , "\\u0075id" : "\\u0061\\n\\ud83d\\ude00" } ', 'uid', 'a\n😀'],
    ['{"uid":""}', 'uid', ''],
    ['{"uid":12345678901234567890}', 'uid', '12345678901234567890'],
    ['{"uid":-7}', 'uid', '-7'],
    ['{"uid":-0}', 'uid', '0'],
    ['{"user":{"id":"a"},"user.id":"b"}', 'user.id', 'a'],
    ['{"user":"a"}', 'user.id', null],
    ['{"ts":1}', 'uid', null],
    ['{"uid":5.0}', 'uid', null],
    ['{"uid":1e3}', 'uid', null],
    ['{"uid":true}', 'uid', null],
    ['{"uid":null}', 'uid', null],
    ['{"uid":{"uid":"a"}}', 'uid', null],
    ['["uid","a"]', 'uid', null],
  ])('of %s at %s is %j', (frame, path, expected) => {
    expect(text(new KeyReader(path).read(bytesOf(frame)))).toBe(expected)
  })

  test('hashes to what the frame reader gives, for every line it counts', () => {
    let seen = 0
    for (let seed = 1; seed <= 80; seed++) {
      const fuzzer = new LineFuzzer(seed)
      const options = fuzzer.options()
      if (options.key === null) continue
      const keys = new KeyReader(options.key)
      const reader = new FrameReader(options)
      const hash = new Uint32Array(4)
      const compare = () => {
        while (reader.next()) {
          const { columns, bytes } = reader
          for (let row = 0; row < columns.rows; row++) {
            if (columns.status[row] !== FrameStatus.counted) continue
            const start = columns.start[row]!
            const found = keys.read(bytes.subarray(start, start + columns.length[row]!))!
            murmur3(found, 0, found.length, hash, 0)
            if (hash.some((word, i) => word !== columns.hash[4 * row + i])) {
              const line = text(bytes.subarray(start, start + columns.length[row]!))
              throw new Error(`seed ${seed}, key ${options.key}: another hash than the reader's for ${line}`)
            }
            seen++
          }
        }
      }
      for (let rest = fuzzer.source(200, options); rest.length > 0; compare())
        rest = rest.subarray(reader.write(rest))
      reader.endOfSource()
      compare()
    }
    expect(seen).toBeGreaterThan(4000)
  })
})
