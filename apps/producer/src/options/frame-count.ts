import type { OptionValues } from '@card/app-kit'
import type { generateTable } from './generate-table.js'

type Values = OptionValues<typeof generateTable>

const defaultFrames = 100_000

/** How many frames are asked for, by number or by event seconds. */
export function frameCount({ frames, seconds, rate }: Pick<Values, 'frames' | 'seconds' | 'rate'>): number {
  return frames ?? (seconds === null ? defaultFrames : Math.round(seconds * rate))
}
