import { zoneOf } from './zone.js'

/**
 * Local time minus UTC in a time zone, as a function of the instant, both in ms. Of an hour that the clocks show twice each
 * pass has its own offset; before standard time an offset may have seconds.
 *
 * @param zone IANA name
 * @throws WindowingError bad-option
 */
export function zoneOffset(zone: string): (time: number) => number {
  const clocks = zoneOf(zone)
  return (time) => clocks.offset(time)
}
