import { FrameReader } from '@card/frames'
import { CountingCore } from './counting/counting-core.js'
import { countingOptions, frameOptions } from './counting/counting-options.js'
import { ExitCode } from './exit.js'
import { type ByteSink, readSource } from './input/byte-source.js'
import type { Logger } from './log.js'
import { Outputs } from './output/outputs.js'
import { startProgress } from './output/progress.js'
import { renderSummary, type Summary, writeSummary } from './output/summary.js'
import type { Settings } from './settings/settings.js'
import { exitCodeOf, type Stop } from './stop.js'

/**
 * Counts files or stdin to their end, or until asked to stop.
 *
 * @throws ExitError (1) for an input that cannot be read or an output that cannot be written
 */
export async function count({ values, files }: Settings, stop: Stop, log: Logger): Promise<ExitCode> {
  const began = performance.now()
  const outputs = Outputs.open(values, stop)
  const reader = new FrameReader(frameOptions(values))
  const core = new CountingCore(countingOptions(values), reader, outputs.counting)
  const progress = startProgress(files)
  const early = values.early === null ? null : startEarly(core, outputs, values.early)
  try {
    for (const file of files) {
      log.debug({ file }, 'reading')
      const drain = () => {
        while (reader.next()) core.consume(file)
        progress.update(reader.totalBytes, reader.lines)
      }
      await readSource(file, byteSink(reader, drain, outputs), stop.signal)
      if (stop.reason !== null) break
      reader.endOfSource()
      drain()
    }
  } finally {
    if (early !== null) clearInterval(early)
    progress.stop()
  }
  const unfinished = stop.reason === null ? 0 : core.unfinished
  if (stop.reason === null) core.flush()
  else outputs.abandonHeld()
  await outputs.close()

  const summary = summarize(reader, core, unfinished)
  if (values.summary !== null) writeSummary(values.summary, summary)
  if (stop.reason !== 'closed-output') report(summary, (performance.now() - began) / 1000)
  return stop.reason === null ? ExitCode.done : exitCodeOf[stop.reason]
}

function byteSink(reader: FrameReader, drain: () => void, outputs: Outputs): ByteSink {
  return {
    reserve: (size) => reader.reserve(size),
    commit(length) {
      reader.commit(length)
      drain()
    },
    write(chunk) {
      for (let taken = 0; taken < chunk.length; ) {
        taken += reader.write(chunk.subarray(taken))
        drain()
      }
    },
    settle: () => outputs.flush(),
  }
}

/** Publishes early results by the wall clock, also while the input is silent. */
function startEarly(core: CountingCore, outputs: Outputs, period: number): NodeJS.Timeout {
  return setInterval(() => {
    core.early()
    outputs.push()
  }, period)
}

function summarize(reader: FrameReader, core: CountingCore, unfinished: number): Summary {
  const { lines, blank, totalBytes: bytes } = reader
  const { counted, rejected, late, windows } = core.sums
  return { lines, bytes, blank, counted, rejected, late, unfinished, windows }
}

function report(summary: Summary, seconds: number): void {
  process.stderr.write(`${renderSummary(summary, seconds)}\n`)
  const ahead = summary.late.ahead ?? 0
  if (ahead > 0) {
    process.stderr.write(
      `${ahead} of the frames were too far ahead of all others and were not counted; --max-ahead off counts them\n`,
    )
  }
}
