import { setImmediate as turn } from 'node:timers/promises'
import type { FrameStream } from '../frames/frame-stream.js'
import type { StreamSums } from '../truth/stream-sums.js'
import type { Truth } from '../truth/truth.js'
import type { Pacing } from './pacing.js'
import type { Progress } from './progress.js'
import type { Sink } from './sink.js'

export interface PumpOptions {
  readonly stream: FrameStream
  readonly sums: StreamSums
  readonly truth: Truth | null
  readonly sink: Sink
  readonly pacing: Pacing
  readonly progress: Progress
  /** Stops the stream after the line being written; what is in the buffer is still sent. */
  readonly signal: AbortSignal
}

/** Moves the stream into the sink: fills one buffer while the other is being written. */
export async function pump(options: PumpOptions): Promise<void> {
  const { stream, sink, pacing, signal, progress, sums } = options
  const { writeSize } = sink
  let filling = Buffer.allocUnsafeSlow(writeSize + stream.longestLine)
  let writing = Buffer.allocUnsafeSlow(writeSize + stream.longestLine)
  let written: Promise<void> = Promise.resolve()
  while (!stream.done && !signal.aborted) {
    const end = fill(options, filling, writeSize)
    await written
    if (end > 0) {
      written = sink.write(filling.subarray(0, end))
      // Its failure is taken up by the next `await written`; until then it must not count as unhandled.
      written.catch(() => {})
      ;[filling, writing] = [writing, filling]
    }
    progress.update(stream.frames, sums.bytes)
    // Without a turn of the event loop signals and the clock would wait for the whole run.
    await turn()
    if (!stream.done && stream.frames >= pacing.allowed()) await pacing.wait(signal)
  }
  await written
}

function fill({ stream, sums, truth, pacing }: PumpOptions, buffer: Uint8Array, writeSize: number): number {
  const allowed = pacing.allowed()
  let at = 0
  while (at < writeSize && !stream.done && stream.frames < allowed) {
    const end = stream.writeLine(buffer, at)
    sums.add(stream.outcome, end - at)
    truth?.add(stream)
    at = end
  }
  return at
}
