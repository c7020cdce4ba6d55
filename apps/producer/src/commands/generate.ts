import { Stop } from '@card/app-kit'
import { FrameStream } from '../frames/frame-stream.js'
import { openTopic } from '../kafka/open-topic.js'
import { topicSink } from '../kafka/topic-lines.js'
import type { GenerateOptions } from '../options/generate-options.js'
import { OutputClosed } from '../output/output-closed.js'
import { pacedByClock, unpaced } from '../output/pacing.js'
import { showProgress } from '../output/progress.js'
import { pump } from '../output/pump.js'
import { refuseSameFile } from '../output/same-file.js'
import { fileSink, type Sink, stdoutSink } from '../output/sink.js'
import { stoppedWhileSending, stoppedWhileWriting } from '../output/stalled.js'
import { summaryText } from '../output/summary.js'
import { StreamSums } from '../truth/stream-sums.js'
import { Truth } from '../truth/truth.js'
import { TruthFile } from '../truth/truth-file.js'

/** How long paced frames gather before they are written to a stream, ms. */
const streamStep = 10

/**
 * Runs `producer generate`.
 *
 * @returns the exit code: 0 done or the reader of stdout has gone, 130 or 143 after a signal
 * @throws ExitError (64 or 1), KafkaIoError
 */
export async function generate(options: GenerateOptions): Promise<number> {
  const { target, out, truth } = options
  if (truth !== null && target === null) refuseSameFile(out, truth)
  const stop = new Stop()
  stop.listen(target === null ? stoppedWhileWriting : stoppedWhileSending)
  const truthFile = truth === null ? null : await TruthFile.open(truth)
  try {
    return await run(options, truthFile, stop)
  } catch (error) {
    await truthFile?.abandon()
    // What a reader that left early has taken is unknown: no sums, no truth, and no failure either.
    if (error instanceof OutputClosed) return 0
    throw error
  } finally {
    stop.release()
  }
}

async function run(options: GenerateOptions, truthFile: TruthFile | null, stop: Stop): Promise<number> {
  const sink = await openSink(options)
  const stream = new FrameStream(options)
  const sums = new StreamSums(options.target !== null)
  const truth = truthFile === null ? null : new Truth(options.truthWindows, options.users)
  const now = () => performance.now()
  const begun = now()
  const { rate, pace, target } = options
  const gather = target?.linger ?? streamStep
  const pacing = pace === null ? unpaced : pacedByClock(rate, pace, gather, now)
  const progress = showProgress('generating', options.frames)
  try {
    await pump({ stream, sums, truth, sink, pacing, progress, signal: stop.signal })
    stop.expectNoMore()
  } finally {
    progress.stop()
    await sink.close()
  }
  const seconds = (now() - begun) / 1000
  if (truth !== null) await truthFile?.write(truth.json(sums))
  const interrupted = stop.exitCode !== null && !stream.done
  const facts = { frames: stream.frames, sums, users: truth?.users ?? null, seconds, interrupted }
  process.stderr.write(summaryText(facts))
  return stop.exitCode ?? 0
}

async function openSink({ target, out, maxLine }: GenerateOptions): Promise<Sink> {
  if (target !== null) return topicSink(await openTopic(target), target, maxLine)
  return out === null ? stdoutSink() : fileSink(out)
}
