import { Stop } from '@card/app-kit'
import { fileBytes, fileSize } from '../input/file-bytes.js'
import { LineCutter } from '../input/lines.js'
import { FrameRecords } from '../kafka/frame-records.js'
import { LineReplay } from '../kafka/line-replay.js'
import { openTopic } from '../kafka/open-topic.js'
import type { ReplayOptions } from '../options/replay-options.js'
import { EventPace, RatePace } from '../output/event-pace.js'
import { showProgress } from '../output/progress.js'
import { stoppedWhileSending } from '../output/stalled.js'
import { replaySummary } from '../output/summary.js'

/** As the counter's default of --max-line: what it calls too long is malformed here, too. */
const maxLine = 1024 ** 2

/**
 * Runs `producer replay`.
 *
 * @returns the exit code: 0 done, 130 or 143 after a signal
 * @throws ExitError (1), KafkaIoError
 */
export async function replay(options: ReplayOptions): Promise<number> {
  const stop = new Stop()
  stop.listen(stoppedWhileSending)
  try {
    return await run(options, stop)
  } finally {
    stop.release()
  }
}

async function run(options: ReplayOptions, stop: Stop): Promise<number> {
  const { files, target, key, time, timeUnit } = options
  // A file that is not there is a mistake to be told before half of the others is sent.
  const sizes = await Promise.all(files.map(fileSize))
  const total = sizes.reduce(
    (sum: number | null, size) => (sum === null || size === null ? null : sum + size),
    0,
  )
  const records = new FrameRecords({ keyed: target.keyed, key, time, timeUnit, maxLine })
  const sink = await openTopic(target)
  const now = () => performance.now()
  const begun = now()
  const lines = new LineReplay({
    records,
    send: (batch) => sink.send(target.topic, batch),
    batchSize: target.batchSize,
    pace: paceOf(options),
    linger: target.linger,
    now,
    signal: stop.signal,
  })
  const progress = showProgress('replaying', total)
  let read = 0
  try {
    for (const file of files) {
      await replayFile(file, lines, stop.signal, (bytes) => {
        read += bytes
        progress.update(read, lines.sent)
      })
    }
    await lines.end()
    stop.expectNoMore()
  } finally {
    progress.stop()
    await sink.close()
  }
  const { blank, malformed } = records
  const { sent, bytes } = lines
  const seconds = (now() - begun) / 1000
  const interrupted = stop.exitCode !== null
  process.stderr.write(replaySummary({ sent, bytes, blank, malformed, seconds, interrupted }))
  return stop.exitCode ?? 0
}

async function replayFile(
  file: string,
  lines: LineReplay,
  signal: AbortSignal,
  onRead: (bytes: number) => void,
): Promise<void> {
  const cutter = new LineCutter(file)
  for await (const chunk of fileBytes(file, signal, onRead)) await lines.take(cutter.cut(chunk))
  const last = cutter.end()
  if (last !== null) await lines.take([last])
}

function paceOf({ pace }: ReplayOptions): EventPace | RatePace | null {
  if (pace === null) return null
  return 'speed' in pace ? new EventPace(pace.speed) : new RatePace(pace.perSecond)
}
