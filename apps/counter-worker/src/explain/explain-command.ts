import { type ExitCode, type Logger, printText, Stop } from '@card/app-kit'
import { lookAtFiles } from '../input/look-at-files.js'
import type { Settings } from '../settings/settings.js'
import { codeOf, explain } from './explain.js'
import { explanationText } from './explanation-text.js'
import { type Sample, sampleLimits } from './sample.js'
import { sampleFiles } from './sample-files.js'

/**
 * Looks at the beginning of the input and prints what a run would make of it. A signal ends the looking, and what was
 * read until then is explained; so is what stands before the place where an input cannot be read on.
 *
 * @param asJson print one JSON object instead of text
 * @throws ExitError (1 or 78) for what cannot be read, after the explanation of what could
 */
export async function explainInput(settings: Settings, asJson: boolean, log: Logger): Promise<ExitCode> {
  const { values, files } = settings
  const stop = new Stop()
  stop.listen({ milliseconds: 10_000, onExpired: (code) => code })
  await lookAtFiles(files)
  const sample = await sampleOf(settings, stop.signal, log)
  const { failure, lines } = sample
  if (failure !== null && lines.length === 0) throw failure
  const explanation = explain(sample, values)
  printText(asJson ? `${JSON.stringify(explanation)}\n` : explanationText(explanation))
  if (failure !== null) throw failure
  return (values.brokers === null ? stop.exitCode : null) ?? codeOf(explanation)
}

async function sampleOf({ values, files }: Settings, signal: AbortSignal, log: Logger): Promise<Sample> {
  if (values.brokers === null) return sampleFiles(files, sampleLimits, signal)
  const { sampleTopics } = await import('./sample-topics.js')
  return sampleTopics(values, sampleLimits, signal, log)
}
