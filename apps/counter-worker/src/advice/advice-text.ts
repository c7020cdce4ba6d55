import { quantity, withCommas } from '@card/app-kit'
import type { Advice } from './advise.js'
import type { RunSums } from './run-sums.js'

/** Advice as a person reads it: what happened, an example, what the input has, what to do. */
export function adviceText(advice: Advice, sums: RunSums): string {
  const { reasons, place, line, members, remedies } = advice
  return [
    `counter-worker: ${extentOf(sums, 'line')}: ${reasons}`,
    `  the first (${place}): ${line}`,
    ...(members === '' ? [] : [`  members seen: ${members}`]),
    ...remedies.map((remedy) => `  ${remedy}`),
    '',
  ].join('\n')
}

/** How much of what was not counted. @param noun `line` or `record` */
export function extentOf({ lines, rejected, extent }: RunSums, noun: string): string {
  const soFar = extent === 'so far' ? ' so far' : ''
  if (lines === 1) return `the only ${noun}${soFar} could not be counted`
  const all = `the ${extent === 'first' ? 'first ' : ''}${quantity(lines, noun)}${soFar}`
  return rejected === lines
    ? `none of ${all} could be counted`
    : `${withCommas(rejected)} of ${all} ${rejected === 1 ? 'was' : 'were'} rejected`
}
