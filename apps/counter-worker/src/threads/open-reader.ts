import type { Logger } from '@card/app-kit'
import { FrameReader } from '@card/frames'
import { frameOptions } from '../settings/counting-options.js'
import type { OptionValues } from '../settings/option-table.js'
import { blocksFor } from './scan-threads.js'

/** Why there is no scanner. */
const causes = {
  disabled: 'the scanner is turned off',
  'no-simd': 'this engine has no WebAssembly SIMD',
  'no-memory': 'this engine has too little memory for the scanner; a smaller --max-line needs less',
  name: 'a name in --key, --time or --group-by has the replacement character U+FFFD, which the scanner cannot look for',
} as const

/** A reader for as many threads as were asked for and this engine has; says what it lacks, and what that costs. */
export function openReader(values: OptionValues, log: Logger): FrameReader {
  const { threads } = values
  const sharing = threads === 1 ? null : { threads, blocks: blocksFor(threads) }
  const reader = new FrameReader(frameOptions(values), sharing)
  const alone = threads > 1 ? ', on one thread' : ''
  if (!reader.scanning) {
    log.warn(`${causes[reader.noScanner!]}: JSON.parse reads every line${alone}, several times slower`)
  } else if (threads > 1 && reader.blocks === null) {
    log.warn('this engine has no shared memory: lines are scanned on one thread')
  }
  return reader
}
