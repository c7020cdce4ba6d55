import { isatty } from 'node:tty'
import { type ExitCode, Failures, type Logger, type Stop } from '@card/app-kit'
import type { FrameReader } from '@card/frames'
import { RunWatch } from './advice/watch-run.js'
import type { WorkerCore } from './core/worker-core.js'
import { filesPartition, openCounting } from './counting/open-counting.js'
import { endRun } from './end-run.js'
import { fileFigures } from './http/input-figures.js'
import { startService } from './http/start-service.js'
import { newMeter, readSource } from './input/byte-source.js'
import { type FeedParts, PlainFeed, type RowSink } from './input/frame-feed.js'
import { lookAtFiles } from './input/look-at-files.js'
import { warnOfFullBitmap } from './output/full-bitmap.js'
import { logNotices, type Notices, textNotices } from './output/notices.js'
import { openOutputFiles } from './output/output-files.js'
import { Outputs } from './output/outputs.js'
import { startProgress } from './output/progress.js'
import { countingSetup } from './settings/counting-options.js'
import type { Settings } from './settings/settings.js'
import { Shell } from './shell.js'
import { openReader } from './threads/open-reader.js'
import { ScanThreads } from './threads/scan-threads.js'
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
  const meter = newMeter()
  const told = { rejected: notices.rejected, warning: notices.warn }
  const watch = new RunWatch(values, told, meter.compressions)
  const output = watch.watching(warnOfFullBitmap(outputs.counting, values, notices))
  const { core, writer, figures } = openCounting(countingSetup(values), reader.groups, output, began)
  const shell = new Shell({ core, writer, outputs, log, source: null })
  service?.opened(
    { reader, counted: figures, outputs },
    () => fileFigures,
    () => watch.whyNothingCounts,
  )
  const progress = startProgress(files)
  const ticks = values.early === null ? null : startTicks(shell, outputs, core.tickPeriod)
  const parts: FeedParts = {
    reader,
    rows: fileRows(shell, core, reader, watch),
    outputs,
    onBatch: (seconds) => service?.onBatch(seconds),
    onProgress: () => progress.update(reader.totalBytes, reader.lines, meter.bytes),
  }
  const feed =
    reader.blocks === null
      ? new PlainFeed(parts)
      : new ThreadedFeed(parts, new ScanThreads(reader.blocks, values.threads))
  const failures = new Failures()
  watch.start(reader, figures)
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
    if (ticks !== null) clearInterval(ticks)
    progress.stop()
    await service?.close()
  }
  const run = { values, stop, reader, shell, figures, outputs, watch, notices, began }
  const code = await endRun(run, failures)
  return stop.exitCode ?? code
}

/** Who started the program without an input would wait for it to do something. */
function sayTerminal(notices: Notices): void {
  if (!isatty(0)) return
  notices.warn('reading frames from the terminal: press Ctrl-D to finish, or name a file (see --help)')
}

/** Takes the rows of files, one after the other, as those of one partition. */
function fileRows(shell: Shell, core: WorkerCore, reader: FrameReader, watch: RunWatch): RowSink {
  return {
    take(source, columns, areGroupIdsInUse) {
      const batch = { columns, bytes: reader.bytes, source }
      watch.look(batch, reader.groups)
      shell.take({ kind: 'rows', partition: filesPartition, batch, areGroupIdsInUse })
    },
    get isSweepDue() {
      return core.isSweepDue
    },
  }
}

/** For early results, which come by the clock, also while the input is silent. */
function startTicks(shell: Shell, outputs: Outputs, period: number): NodeJS.Timeout {
  return setInterval(() => {
    shell.take({ kind: 'tick', partitions: [] })
    outputs.push()
  }, period)
}
