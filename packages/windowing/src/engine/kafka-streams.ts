import { shown } from '../checks.js'
import { WindowingError } from '../errors.js'

/**
 * The settings under which one partition gives the finals and the drops of Kafka Streams windows with a grace period
 * (`TimeWindows.ofSizeAndGrace`, `suppress(untilWindowCloses)`): wait for disorder as long as the grace, then no
 * refinement. Its updates without suppression are an `early` after each record. Kafka Streams has no minimum over
 * partitions, no idleness, no flush, and refuses negative times.
 *
 * @param grace ms, from 0
 * @throws WindowingError bad-option
 */
export function kafkaStreamsOptions(grace: number) {
  if (typeof grace !== 'number' || !(grace >= 0)) {
    throw new WindowingError('bad-option', `Expected grace to be milliseconds from 0, found ${shown(grace)}.`)
  }
  return { outOfOrderness: grace, allowedLateness: 0, lateness: 'combined', corrections: 'event' } as const
}
