import { type ExitCode, type Logger, printText } from '@card/app-kit'
import { lookAtFiles } from '../input/look-at-files.js'
import type { Settings } from '../settings/settings.js'
import { codeOf, explain } from './explain.js'
import { explanationText } from './explanation-text.js'
import { sampleLimits } from './sample.js'
import { sampleFiles } from './sample-files.js'

/**
 * Looks at the beginning of the input and prints what a run would make of it.
 *
 * @param asJson print one JSON object instead of text
 * @throws ExitError (1 or 78) for what cannot be read
 */
export async function explainInput(
  { values, files }: Settings,
  asJson: boolean,
  log: Logger,
): Promise<ExitCode> {
  await lookAtFiles(files)
  const sample =
    values.brokers === null ? await sampleFiles(files, sampleLimits) : await ofTopics(values, log)
  const explanation = explain(sample, values)
  printText(asJson ? `${JSON.stringify(explanation)}\n` : explanationText(explanation))
  return codeOf(explanation)
}

async function ofTopics(values: Settings['values'], log: Logger) {
  const { sampleTopics } = await import('./sample-topics.js')
  return sampleTopics(values, sampleLimits, log)
}
