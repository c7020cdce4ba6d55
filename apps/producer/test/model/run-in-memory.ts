import { FrameStream } from '../../src/frames/frame-stream.js'
import { type Pacing, unpaced } from '../../src/output/pacing.js'
import { pump } from '../../src/output/pump.js'
import { StreamSums } from '../../src/truth/stream-sums.js'
import { Truth } from '../../src/truth/truth.js'
import { type Flags, generateOptions } from '../options/sources.js'
import type { Recount } from './recount.js'

export interface MemoryRun {
  readonly bytes: Buffer
  readonly truth: Recount
}

/** Generates into memory, through the same reader, stream, pump and truth as the command. */
export async function runInMemory(
  raw: Flags,
  { writeSize = 1 << 16, pacing = unpaced }: { writeSize?: number; pacing?: Pacing } = {},
): Promise<MemoryRun> {
  const options = generateOptions({ truth: 'kept in memory', ...raw })
  const sums = new StreamSums()
  const truth = new Truth(options.truthWindows, options.users)
  const pieces: Buffer[] = []
  await pump({
    stream: new FrameStream(options),
    sums,
    truth,
    sink: {
      writeSize,
      // The bytes are read only after a turn of the event loop, as a real sink may do.
      write: (bytes) =>
        new Promise((resolve) => {
          setImmediate(() => {
            pieces.push(Buffer.from(bytes))
            resolve()
          })
        }),
      close: async () => {},
    },
    pacing,
    progress: { update() {}, stop() {} },
    signal: new AbortController().signal,
  })
  return { bytes: Buffer.concat(pieces), truth: JSON.parse([...truth.json(sums)].join('')) as Recount }
}
