import { isatty } from 'node:tty'
import { type ExitCode, Failures, type Logger, type Stop } from '@card/app-kit'
import { RunWatch } from './advice/watch-run.js'
import { CountingRun } from './counting/counting-run.js'
import { endRun } from './end-run.js'
import { fileFigures } from './http/input-figures.js'
import { startService } from './http/start-service.js'
import { newMeter, readSource } from './input/byte-source.js'
import { type FeedParts, PlainFeed } from './input/frame-feed.js'
import { lookAtFiles } from './input/look-at-files.js'
import { warnOfFullBitmap } from './output/full-bitmap.js'
import { logNotices, type Notices, textNotices } from './output/notices.js'
import { openOutputFiles } from './output/output-files.js'
import { Outputs } from './output/outputs.js'
import { startProgress } from './output/progress.js'
import { countingOptions, inputPartitions } from './settings/counting-options.js'
import type { Settings } from './settings/settings.js'
import { openReader } from './threads/open-reader.js'
import { ScanThreads } from './threads/scan-threads.js'
import { SwitchedBatches } from './threads/switched-batches.js'
import { ThreadedFeed } from './threads/threaded-feed.js'

/**
 * Counts files or stdin to their end, or until asked to stop.
 *
 * @throws ExitError (1) for an input that cannot be read or an output that cannot be written
 */
export async function countFiles({ values, files }: Settings, stop: Stop, log: Logger): Promise<ExitCode> {
  const began = performance.now()
  const notices = values['log-format'] === 'json' ? logNotices(log, 'line') : textNotices
  await lookAtFiles(files)
  const service = await startService(values.http, log)
  const outputs = new Outputs(values, stop, { files: openOutputFiles(values), onFinal: service?.onFinal })
  const reader = openReader(values, log)
  const { blocks } = reader
  const batches = blocks === null ? reader : new SwitchedBatches(reader)
  const meter = newMeter()
  const told = { rejected: notices.rejected, warning: notices.warn }
  const watch = new RunWatch(values, told, meter.compressions)
  const output = watch.watching(warnOfFullBitmap(outputs.counting, values, notices))
  const core = new CountingRun(countingOptions(values), inputPartitions(values), batches, output)
  service?.opened(
    { reader, core, outputs },
    () => fileFigures,
    () => watch.whyNothingCounts,
  )
  const progress = startProgress(files)
  const early = values.early === null ? null : startEarly(core, outputs, values.early)
  const parts: FeedParts = {
    reader,
    core,
    outputs,
    onRows: () => watch.look(batches),
    onBatch: (seconds) => service?.onBatch(seconds),
    onProgress: () => progress.update(reader.totalBytes, reader.lines, meter.bytes),
  }
  const feed =
    batches instanceof SwitchedBatches
      ? new ThreadedFeed(parts, batches, new ScanThreads(blocks!, values.threads))
      : new PlainFeed(parts)
  const failures = new Failures()
  watch.start(reader, core)
  try {
    for (const file of files) {
      log.debug({ file }, 'reading')
      feed.source = file
      if (file === '-') sayTerminal(notices)
      await readSource(file, feed, stop.signal, meter)
      if (stop.reason !== null) break
      await feed.endOfSource()
    }
  } catch (error) {
    failures.add(error)
  } finally {
    // What was read before a stop or a failure counts.
    await feed.close().catch((error) => failures.add(error))
    if (early !== null) clearInterval(early)
    progress.stop()
    await service?.close()
  }
  const run = { values, stop, reader, core, outputs, watch, notices, began }
  const code = await endRun(run, failures)
  return stop.exitCode ?? code
}

/** Who started the program without an input would wait for it to do something. */
function sayTerminal(notices: Notices): void {
  if (!isatty(0)) return
  notices.warn('reading frames from the terminal: press Ctrl-D to finish, or name a file (see --help)')
}

/** Publishes early results by the wall clock, also while the input is silent. */
function startEarly(core: CountingRun, outputs: Outputs, period: number): NodeJS.Timeout {
  return setInterval(() => {
    core.early()
    outputs.push()
  }, period)
}
