import type { Advice } from './advise.js'
import type { RunSums } from './adviser.js'

/** Advice as a person reads it: what happened, an example, what the input has, what to do. */
export function adviceText(advice: Advice, { lines }: RunSums): string {
  const { reasons, place, line, members, remedies } = advice
  return [
    `counter-worker: none of the lines so far (${lines.toLocaleString('en-US')}) could be counted: ${reasons}`,
    `  the first (${place}): ${line}`,
    ...(members === '' ? [] : [`  members seen: ${members}`]),
    ...remedies.map((remedy) => `  ${remedy}`),
    '',
  ].join('\n')
}
