import type { Advice } from './advise.js'
import type { RunSums } from './adviser.js'

/** Advice as a person reads it: what happened, an example, what the input has, what to do. */
export function adviceText(advice: Advice, sums: RunSums): string {
  const { reasons, place, line, members, remedies } = advice
  return [
    `counter-worker: ${extent(sums)}: ${reasons}`,
    `  the first (${place}): ${line}`,
    ...(members === '' ? [] : [`  members seen: ${members}`]),
    ...remedies.map((remedy) => `  ${remedy}`),
    '',
  ].join('\n')
}

function extent({ lines, rejected }: RunSums): string {
  const read = lines.toLocaleString('en-US')
  if (rejected === lines) return `none of the lines so far (${read}) could be counted`
  return `${rejected.toLocaleString('en-US')} of the ${read} lines so far were rejected`
}
