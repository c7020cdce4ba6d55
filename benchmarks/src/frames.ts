// The frame reader alone, in memory, against bare JSON.parse of the same lines in the same run:
// `pnpm bench frames [MEGABYTES] [ROUNDS]`.
import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { FrameReader } from '@card/frames'

const megabytes = Number(process.argv[2] ?? 40)
const rounds = Number(process.argv[3] ?? 5)
const producer = fileURLToPath(new URL('../../apps/producer/dist/main.js', import.meta.url))
const options = { key: 'uid', time: 'ts', timeUnit: 'auto', groupBy: null, maxLine: 1 << 20 } as const

console.log(
  `Node ${process.version}, ${cpus()[0]?.model}, ${megabytes} MB in memory, CPU time, best of ${rounds} rounds in turn`,
)
console.log('JSON.parse: each line decoded and parsed, nothing else; the ratio says how often faster\n')
console.log('frames          | way               | frames/s   |   MB/s | ns/frame | ratio | fallbacks')
for (const length of [2048, 250]) {
  for (const shapes of ['fresh', 'repeated']) measure(length, shapes)
}

function measure(length: number, shapes: string): void {
  const bytes = generate(length, shapes)
  const ways: [string, () => Count][] = [
    ['scanner, strict', () => readFrames(bytes, { json: 'strict' })],
    ['scanner, trusted', () => readFrames(bytes, { json: 'trusted' })],
    ['JSON.parse path', () => readFrames(bytes, { simd: false })],
    ['LF search', () => countLines(bytes)],
    ['bare JSON.parse', () => parseLines(bytes)],
  ]
  const best = ways.map(() => Number.POSITIVE_INFINITY)
  const counts: Count[] = []
  // In turn, so that a slow moment of the machine falls on all; the first round only warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const [i, [, run]] of ways.entries()) {
      // CPU time, so that a busy machine does not count, all threads of the engine included.
      const before = process.cpuUsage()
      counts[i] = run()
      const { user, system } = process.cpuUsage(before)
      const ns = (user + system) * 1000
      if (round > 0) best[i] = Math.min(best[i]!, ns)
    }
  }
  const bare = best[best.length - 1]!
  for (const [i, [way]] of ways.entries()) {
    const { frames, fallbacks } = counts[i]!
    if (frames !== counts[0]!.frames) throw new Error(`${way} counted ${frames} frames`)
    const cells = [
      `${length === 2048 ? '2 KB' : '250 B'}, ${shapes}`.padEnd(15),
      way.padEnd(17),
      Math.round((frames / best[i]!) * 1e9)
        .toLocaleString('en-US')
        .padStart(10),
      ((bytes.length / best[i]!) * 1e3).toFixed(0).padStart(6),
      (best[i]! / frames).toFixed(0).padStart(8),
      (bare / best[i]!).toFixed(2).padStart(5),
      fallbacks === undefined ? '' : String(fallbacks),
    ]
    console.log(cells.join(' | '))
  }
}

interface Count {
  frames: number
  fallbacks?: number
}

function generate(length: number, shapes: string): Buffer {
  const frames = Math.round((megabytes * 1e6) / length)
  const args = ['generate', '--frames', String(frames), '--line-length', String(length)]
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    [producer, ...args, '--key-shapes', shapes, '--seed', '7'],
    { maxBuffer: 2 ** 31 },
  )
  if (status !== 0) throw new Error(`The producer failed: ${stderr}`)
  return stdout
}

function readFrames(bytes: Buffer, way: { json?: 'strict' | 'trusted'; simd?: boolean }): Count {
  const reader = new FrameReader({ ...options, ...way })
  let frames = 0
  const drain = () => {
    while (reader.next()) {
      const { status, rows } = reader.columns
      for (let row = 0; row < rows; row++) if (status[row] === 0) frames++
    }
  }
  for (let from = 0; from < bytes.length; ) {
    // As a file is read: a copy of the size of a read, into the reader's own memory.
    const space = reader.reserve(1 << 18)
    const part = bytes.subarray(from, from + space.length)
    space.set(part)
    reader.commit(part.length)
    from += part.length
    drain()
  }
  reader.endOfSource()
  drain()
  return { frames, fallbacks: reader.fallbacks }
}

function countLines(bytes: Buffer): Count {
  let frames = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) frames++
  return { frames }
}

function parseLines(bytes: Buffer): Count {
  let frames = 0
  let from = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
    if (JSON.parse(bytes.toString('utf8', from, at)).ts > 0) frames++
    from = at + 1
  }
  return { frames }
}
