import { FrameReader } from '@card/frames'
import { CountingCore } from './counting/counting-core.js'
import { ExitCode } from './exit.js'
import { fileFigures } from './http/input-figures.js'
import { startService } from './http/start-service.js'
import { type ByteSink, readSource } from './input/byte-source.js'
import type { Logger } from './log.js'
import { Outputs } from './output/outputs.js'
import { startProgress } from './output/progress.js'
import { writeSummary } from './output/summary.js'
import { report, summarize } from './run-report.js'
import { countingOptions, frameOptions } from './settings/counting-options.js'
import type { Settings } from './settings/settings.js'
import { exitCodeOf, type Stop } from './stop.js'

/**
 * Counts files or stdin to their end, or until asked to stop.
 *
 * @throws ExitError (1) for an input that cannot be read or an output that cannot be written
 */
export async function countFiles({ values, files }: Settings, stop: Stop, log: Logger): Promise<ExitCode> {
  const began = performance.now()
  const outputs = Outputs.open(values, stop)
  const reader = new FrameReader(frameOptions(values))
  if (!reader.scanning)
    log.warn('this engine has no WebAssembly SIMD: JSON.parse reads every line, several times slower')
  const core = new CountingCore(countingOptions(values), reader, outputs.counting)
  const service = await startService(values.http, log, { reader, core, outputs }, () => fileFigures)
  const progress = startProgress(files)
  const early = values.early === null ? null : startEarly(core, outputs, values.early)
  let failure: unknown = null
  try {
    for (const file of files) {
      log.debug({ file }, 'reading')
      const drain = () => {
        for (let began = performance.now(); reader.next(); began = performance.now()) {
          core.consume(file)
          service?.onBatch((performance.now() - began) / 1000)
        }
        progress.update(reader.totalBytes, reader.lines)
      }
      await readSource(file, byteSink(reader, drain, outputs), stop.signal)
      if (stop.reason !== null) break
      reader.endOfSource()
      drain()
    }
  } catch (error) {
    failure = error
  } finally {
    if (early !== null) clearInterval(early)
    progress.stop()
    await service?.close()
  }
  const whole = stop.reason === null && failure === null
  const unfinished = whole ? 0 : core.unfinished
  if (whole) core.flush()
  else outputs.abandonHeld()
  // What was published before the failure is still true; the failure itself goes before one in writing it.
  await outputs.close().catch((error) => {
    failure ??= error
  })

  const summary = summarize(reader, core, unfinished)
  if (values.summary !== null) writeSummary(values.summary, summary)
  if (failure !== null) throw failure
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
