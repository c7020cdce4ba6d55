import { spawnSync } from 'node:child_process'
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { Zstd } from '@hpcc-js/wasm-zstd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readSource } from '../../src/input/byte-source.js'
import { formatOf } from '../../src/input/formats.js'
import { program, run } from '../program.js'

const folder = temporaryFolder('formats')
const frame = '{"uid":"a","ts":1468244384}\n'
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const withBody = (head: Uint8Array) => Buffer.concat([head, Buffer.alloc(600, 7)])

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** What `tar` writes of a file `a.jsonl` that holds one frame, in the form of 1988 (ustar). */
function tarArchive(): Buffer {
  const header = Buffer.alloc(512)
  header.write('a.jsonl', 0)
  header.write('0000644\0', 100)
  header.write('0001750\0', 108)
  header.write('0001750\0', 116)
  header.write(`${frame.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('12741147000\0', 136)
  header.write('        0ustar\x0000', 148)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([header, Buffer.from(frame.padEnd(512, '\0'))])
}

const utf16 = Buffer.from(frame, 'utf16le')
const utf32 = Buffer.from([...frame].flatMap((character) => [character.charCodeAt(0), 0, 0, 0]))

/** The first bytes as the tools of these formats write them, and what is said. */
const foreign: [string, Uint8Array, string][] = [
  ['xz', withBody(hex('fd 37 7a 58 5a 00 00 04')), 'xz -dc FILE | counter-worker'],
  ['bzip2', withBody(hex('42 5a 68 39 31 41 59 26 53 59')), 'bzip2 -dc FILE | counter-worker'],
  ['bzip2 of nothing', hex('42 5a 68 39 17 72 45 38 50 90 00 00 00 00'), 'bzip2 -dc FILE | counter-worker'],
  ['lz4', withBody(hex('04 22 4d 18 64 40 a7')), 'lz4 -dc FILE | counter-worker'],
  ['zip', withBody(hex('50 4b 03 04 14 00 00 00 08 00')), 'unzip -p FILE | counter-worker'],
  ['tar', tarArchive(), 'tar -xOf FILE | counter-worker'],
  ['Parquet', withBody(hex('50 41 52 31 15 04 15 20')), "read_parquet('FILE')"],
  ['Avro', withBody(hex('4f 62 6a 01 04 16')), 'avro-tools tojson FILE | counter-worker'],
  ['Arrow', withBody(hex('41 52 52 4f 57 31 00 00 ff ff ff ff')), 'read_ipc'],
  ['an Arrow stream', withBody(hex('ff ff ff ff 78 00 00 00 10 00 00 00')), 'read_ipc_stream'],
  ['ORC', withBody(hex('4f 52 43 08 03 10 00')), 'orc-contents FILE | counter-worker'],
  [
    'UTF-16 with its mark',
    Buffer.concat([hex('ff fe'), utf16]),
    'iconv -f UTF-16 -t UTF-8 FILE | counter-worker',
  ],
  ['UTF-16, the high byte first', Buffer.from(utf16).swap16(), 'iconv -f UTF-16BE -t UTF-8 FILE'],
  ['UTF-16 without a mark', utf16, 'iconv -f UTF-16LE -t UTF-8 FILE'],
  ['UTF-32 with its mark', Buffer.concat([hex('ff fe 00 00'), utf32]), 'iconv -f UTF-32 -t UTF-8 FILE'],
  ['UTF-32 without a mark', utf32, 'iconv -f UTF-32LE -t UTF-8 FILE'],
]

describe('an input that is not text', () => {
  test.each(foreign)('%s is refused, with the command that helps', async (_, bytes, command) => {
    const sink = {
      reserve: (size: number) => new Uint8Array(size),
      commit() {},
      write() {},
      settle: () => undefined,
    }
    const path = file('foreign', bytes)
    const read = readSource(path, sink, new AbortController().signal)
    await expect(read).rejects.toThrow(command.replaceAll('FILE', path))
  })

  test('is found before any file is read, also inside gzip; every one is named', async () => {
    const [good, xz, wide, packed] = [
      file('good.jsonl', frame),
      file('a.jsonl.xz', foreign[0]![1]),
      file('wide.jsonl', utf16),
      file('b.tar.gz', gzipSync(tarArchive())),
    ]
    const zstd = await Zstd.load()
    const twice = file('c.jsonl.xz.zst', zstd.compress(foreign[0]![1]))
    const expected = 'expected JSON lines, plain or compressed by gzip or zstd'
    const { code, stdout, stderr } = await run([good, xz, wide, packed, twice, '--format', 'csv'])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr.split('\n')).toEqual([
      `counter-worker: cannot read ${xz}: it is xz, expected JSON lines, plain or compressed by gzip or zstd; try: xz -dc ${xz} | counter-worker`,
      expect.stringContaining(`cannot read ${wide}: it is UTF-16LE text`),
      `counter-worker: cannot read ${packed}: inside gzip it is a tar archive, ${expected}; try: gzip -dc ${packed} | tar -xO | counter-worker`,
      expect.stringContaining(`; try: zstd -dc ${twice} | xz -dc | counter-worker`),
      '',
    ])
  })

  test('is refused on stdin with exit 1, however it is cut', async () => {
    const { code, stderr } = await run(
      [],
      [...utf16.subarray(0, 40)].map((byte) => Uint8Array.of(byte)),
    )
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('try: iconv -f UTF-16LE -t UTF-8 FILE | counter-worker'),
    ])
  })
})

describe('text is never taken for a binary format', () => {
  test.each([
    ['CSV whose header begins as ORC does', 'ORCID,name\n0000-0001,a\n'],
    ['words that begin as Parquet and bzip2 do', 'PAR1 is text\n'],
    ['bzip2', 'BZh9 is text\n'],
    ['a zip code', 'PK,zip\n'],
    ['one character', '{'],
    ['nothing', ''],
  ])('%s', (_, text) => {
    expect(formatOf(Buffer.from(text))).toBe(null)
  })

  test('whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 600 }), (text) => {
        fc.pre([...text].every((character) => character >= ' '))
        expect(formatOf(Buffer.from(text))).toBe(null)
      }),
    )
  })
})

test('a file that becomes shorter while it is read is an error that names it', async () => {
  const path = file('shrinking.jsonl', frame.repeat(400_000))
  const sink = {
    reserve: (size: number) => new Uint8Array(size),
    commit: () => truncateSync(path, 1000),
    write() {},
    settle: () => undefined,
  }
  const read = readSource(path, sink, new AbortController().signal)
  await expect(read).rejects.toThrow(
    `cannot read ${path}: it shrank from ${frame.length * 400_000} bytes to 1000 while it was being read`,
  )
})

// util-linux's script gives the program a terminal; Ctrl-D ends its input.
const hasScript = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0

test.skipIf(!hasScript)('who starts the program on a terminal is told that it waits for input', async () => {
  const { stdout } = spawnSync('script', ['-qec', `${process.execPath} ${await program()}`, '/dev/null'], {
    input: `${frame}\x04`,
    encoding: 'utf8',
  })
  expect(stdout).toContain('counter-worker: reading frames from the terminal: press Ctrl-D to finish')
  expect(stdout).toContain('counted 1')
})
