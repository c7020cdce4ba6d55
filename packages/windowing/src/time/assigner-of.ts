import { WindowingError } from '../errors.js'
import { type Assigner, FixedAssigner, UtcCalendarAssigner } from './assigner.js'
import { oneSizeShapeProblems, sizeValueProblems } from './check-sizes.js'
import { meanLength, type WindowSize } from './size.js'
import { Zone, zoneOf } from './zone.js'
import { ZoneCalendarAssigner, ZoneClockAssigner } from './zone-assigners.js'

/**
 * The assigner of one size. Fixed sizes do not depend on the zone.
 *
 * @param zone IANA name, or a zone made before; 'UTC' needs none
 * @throws WindowingError bad-option: no size, or an unknown zone
 */
export function assignerOf(size: WindowSize, zone: string | Zone = 'UTC'): Assigner {
  const shape = oneSizeShapeProblems('size', size)
  const problems = shape.length > 0 ? shape : sizeValueProblems(size)
  if (problems.length > 0) throw new WindowingError('bad-option', problems.join(' '))
  if (!('unit' in size)) return new FixedAssigner(size.length, size.offset ?? 0)
  const { unit } = size
  const clock = unit === 'minute' || unit === 'hour'
  if (zone === 'UTC') return clock ? new FixedAssigner(meanLength(size), 0) : new UtcCalendarAssigner(unit)
  const clocks = zone instanceof Zone ? zone : zoneOf(zone)
  return clock ? new ZoneClockAssigner(meanLength(size), clocks) : new ZoneCalendarAssigner(unit, clocks)
}
