import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { temporaryFolder } from '@card/testing/temporary-folder'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { type ByteSink, readSize, readSource } from '../../src/input/byte-source.js'
import { collect, parseLines, program, run } from '../program.js'
import { NamedPipe, pipeCapacity } from './named-pipe.js'

const folder = temporaryFolder('source')
const never = new AbortController().signal
const bytes = fc.uint8Array({ maxLength: 5_000 }).map((part) => Buffer.from(part))
const lengths = fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 3_000 })), {
  minLength: 1,
  maxLength: 6,
})

/** Gathers what it is given; `settle` waits for the gate. */
class Gathered implements ByteSink {
  readonly #chunks: Buffer[] = []
  #space = new Uint8Array()
  gate: Promise<void> = Promise.resolve()
  /** Bytes that had been given when it was last asked to settle. */
  settled = 0

  reserve(size: number): Uint8Array {
    this.#space = new Uint8Array(size)
    return this.#space
  }

  commit(length: number): void {
    this.write(this.#space.subarray(0, length))
  }

  write(chunk: Uint8Array): void {
    this.#chunks.push(Buffer.from(chunk))
  }

  settle(): Promise<void> {
    this.settled = this.bytes.length
    return this.gate
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }
}

/** What is read of a pipe that these bytes are written to in chunks of these lengths, over and over. */
async function throughPipe(input: Uint8Array, cuts: readonly number[]): Promise<Buffer> {
  const pipe = new NamedPipe()
  const sink = new Gathered()
  const read = readSource(pipe.path, sink, never)
  await pipe.open()
  for (let from = 0, turn = 0; from < input.length; turn++) {
    const length = cuts[turn % cuts.length]!
    await pipe.write(input.subarray(from, from + length))
    if (turn % 3 === 1) await setImmediate()
    from += length
  }
  pipe.close()
  await read
  return sink.bytes
}

describe('a named pipe', () => {
  test('is read to its last byte, however its writer cuts it', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, lengths, async (input, cuts) => {
        expect(await throughPipe(input, cuts)).toEqual(input)
      }),
      { numRuns: 50 },
    )
  })

  test('is decompressed, however its writer cuts it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: 3 }), lengths, async (members, cuts) => {
        const packed = Buffer.concat(members.map((member) => gzipSync(member)))
        expect(await throughPipe(packed, cuts)).toEqual(Buffer.concat(members))
      }),
      { numRuns: 50 },
    )
  })

  test.each([1, 2, 3])('is decompressed when the first write is of length %d', async (first) => {
    const plain = Buffer.from('{"a":1}\n'.repeat(100_000))
    expect(plain.equals(await throughPipe(gzipSync(plain, { level: 0 }), [first, 1 << 20]))).toBe(true)
  })

  test('may hold nothing at all', async () => {
    expect(await throughPipe(Buffer.alloc(0), [1])).toHaveLength(0)
  })

  test('waits for its first writer, and for more while the writer is silent', async () => {
    const pipe = new NamedPipe()
    const sink = new Gathered()
    const read = readSource(pipe.path, sink, never)
    await pipe.open()
    // Its first line tells what it is; behind that nothing is kept back.
    for (const part of ['{"a":1}\n', '{"b"', ':2}']) {
      const length = sink.bytes.length + part.length
      await pipe.write(Buffer.from(part))
      while (sink.bytes.length < length) await setImmediate()
    }
    pipe.close()
    await read
    expect(sink.bytes.toString()).toBe('{"a":1}\n{"b":2}')
  })

  test('that is silent behind its first lines has had their results written', async () => {
    const pipe = new NamedPipe()
    const sink = new Gathered()
    const reading = readSource(pipe.path, sink, never)
    await pipe.open()
    await pipe.write(Buffer.from('{}\n{}\n'))
    await vi.waitUntil(() => sink.settled === 6)
    await pipe.close()
    await reading
  })

  test('that is silent behind a line ends at once when reading is stopped; the line was read', async () => {
    const pipe = new NamedPipe()
    const sink = new Gathered()
    const stop = new AbortController()
    const read = readSource(pipe.path, sink, stop.signal)
    await pipe.open()
    await pipe.write(Buffer.from('{"a":1}\n'))
    while (sink.bytes.length < 8) await setImmediate()
    stop.abort()
    await read
    pipe.close()
    expect(sink.bytes.toString()).toBe('{"a":1}\n')
  })

  test('that is silent within compressed data ends without an error when reading is stopped', async () => {
    const pipe = new NamedPipe()
    const sink = new Gathered()
    const stop = new AbortController()
    const read = readSource(pipe.path, sink, stop.signal)
    await pipe.open()
    const packed = gzipSync('{"a":1}\n'.repeat(100_000), { level: 0 })
    await pipe.write(packed.subarray(0, 200_000))
    while (sink.bytes.length < 50_000) await setImmediate()
    stop.abort()
    await read
    pipe.close()
    expect(sink.bytes.length).toBeLessThan(200_000)
  })

  test.each([0, 1, 3])(
    'that is silent behind %d bytes ends at once when reading is stopped',
    async (length) => {
      const pipe = new NamedPipe()
      const stop = new AbortController()
      const read = readSource(pipe.path, new Gathered(), stop.signal)
      await pipe.open()
      await pipe.write(Buffer.alloc(length, '{'))
      await setImmediate()
      stop.abort()
      await expect(read).resolves.toBeUndefined()
      pipe.close()
    },
  )

  test('that nobody writes to ends at once when reading was stopped before', async () => {
    const { path } = new NamedPipe()
    await expect(readSource(path, new Gathered(), AbortSignal.abort())).resolves.toBeUndefined()
  })

  test('is not read while the sink is behind, and to its end afterwards', async () => {
    const pipe = new NamedPipe()
    const sink = new Gathered()
    let open = () => {}
    sink.gate = new Promise((resolve) => {
      open = resolve
    })
    const read = readSource(pipe.path, sink, never)
    await pipe.open()
    const part = Buffer.alloc(4_096, 'x')
    let written = 0
    for (let turn = 0; turn < 1_000; turn++) {
      written += pipe.fill(part)
      await setImmediate()
    }
    expect(sink.bytes.length).toBeGreaterThan(0)
    expect(written).toBeLessThanOrEqual(readSize + 4 + pipeCapacity)
    open()
    pipe.close()
    await read
    expect(sink.bytes).toHaveLength(written)
  })

  test('names itself in what is wrong with its bytes', async () => {
    const pipe = new NamedPipe()
    const read = readSource(pipe.path, new Gathered(), never)
    const failure = expect(read).rejects.toThrow(`cannot read ${pipe.path}: unexpected end of file`)
    await pipe.open()
    await pipe.write(gzipSync('frames').subarray(0, 12))
    pipe.close()
    await failure
  })
})

test.each([
  ['nothing', ''],
  ['fewer bytes than show a compression', '{}'],
  ['a line', '{"a":1}\n'],
  ['many chunks', '{"a":1}\n'.repeat(100_000)],
])('a file of %s is read to its end, plain and compressed', async (name, text) => {
  for (const content of [Buffer.from(text), gzipSync(text)]) {
    const path = join(folder, name)
    writeFileSync(path, content)
    const sink = new Gathered()
    await readSource(path, sink, never)
    expect(sink.bytes.toString()).toBe(text)
  }
})

describe('stdin', () => {
  const frame = (user: string) => `{"uid":"${user}","ts":1468244400}\n`

  /** Users that the program counts with this file as its stdin, from there on. */
  async function redirected(path: string, from: number): Promise<number[]> {
    const descriptor = openSync(path, 'r')
    readSync(descriptor, new Uint8Array(from))
    const { stdout } = spawnSync(process.execPath, [await program()], {
      stdio: [descriptor, 'pipe', 'ignore'],
      encoding: 'utf8',
    })
    closeSync(descriptor)
    return parseLines<{ count: number }>(stdout).map(({ count }) => count)
  }

  test('that is a file is read from where it stands, plain and compressed', async () => {
    const path = join(folder, 'redirected')
    for (const rest of [Buffer.from(frame('b') + frame('c')), gzipSync(frame('b') + frame('c'))]) {
      writeFileSync(path, Buffer.concat([Buffer.from(frame('a')), rest]))
      expect(await redirected(path, frame('a').length)).toEqual([2])
    }
    expect(await redirected('/dev/null', 0)).toEqual([])
  })

  test('has its place between files', async () => {
    const [first, last] = ['first', 'last'].map((name) => join(folder, name)) as [string, string]
    writeFileSync(first, frame('a'))
    writeFileSync(last, frame('c').replace('{', '['))
    const rejects = join(folder, 'rejects')
    const words = [first, '-', last, '--rejects-file', rejects]
    const { stdout } = await run(words, frame('b').replace('{', '('))
    expect(parseLines(stdout)).toMatchObject([{ count: 1 }])
    expect(parseLines(readFileSync(rejects, 'utf8'))).toMatchObject([{ source: '-' }, { source: last }])
  })

  test('that closes in the middle of a line ends with that line', async () => {
    // The shell makes a pipe, where Node makes a socket.
    const shell = spawn('sh', [
      '-c',
      `printf '%s' '${frame('a')}{"uid":"b","ts":' | "$0" "$1"`,
      process.execPath,
      await program(),
    ])
    const { code, stdout, stderr } = await collect(shell)
    expect([code, parseLines(stdout)]).toMatchObject([0, [{ count: 1 }]])
    expect(stderr).toContain('rejected 1 (not-json 1)')
  })
})

test('a device is read as a stream', async () => {
  const sink = new Gathered()
  await readSource('/dev/null', sink, never)
  expect(sink.bytes).toHaveLength(0)
})

test('timers and signals have their turn while a file of zstd is read, however much it grows', async () => {
  // RFC 8878: a frame of 40,000 blocks that each say "128 KiB of LF", 5 GB.
  const block = Buffer.from([2, 0, 16, 10])
  const last = Buffer.from([3, 0, 16, 10])
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 10 << 3])
  const path = join(folder, 'lines.zst')
  writeFileSync(path, Buffer.concat([header, ...Array(39_999).fill(block), last]))
  const stop = new AbortController()
  let length = 0
  const write = (chunk: Uint8Array) => {
    if (length === 0) setTimeout(() => stop.abort(), 1)
    length += chunk.length
  }
  const sink: ByteSink = {
    reserve: (size) => new Uint8Array(size),
    commit() {},
    write,
    settle: async () => {},
  }
  await readSource(path, sink, stop.signal)
  expect(stop.signal.aborted).toBe(true)
  expect(length).toBeLessThan(40_000 * 131_072)
})
