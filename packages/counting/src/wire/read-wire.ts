import type { Groups } from '../groups.js'
import { corrupt, unseal } from '../saved/sealed.js'
import { type ReadPartials, readPartials, wireFormat, wireKind } from './partials-format.js'
import { type ReadProgress, readProgress } from './progress-format.js'

/**
 * Reads a record of the log between counters and mergers.
 *
 * @param groups the merger's table
 * @throws CountingError corrupt-state, newer-format
 */
export function readWireRecord(bytes: Uint8Array, groups: Groups): ReadPartials | ReadProgress {
  const reader = unseal(bytes, 'a record of partials', wireFormat)
  const kind = reader.u8()
  if (kind === wireKind.partials) return readPartials(reader, groups)
  if (kind === wireKind.progress) return readProgress(reader)
  throw corrupt('partials or progress', `a record of kind ${kind}`)
}
