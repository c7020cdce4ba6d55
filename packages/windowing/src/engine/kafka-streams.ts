import { shown } from '../checks.js'
import { WindowingError } from '../errors.js'

/**
 * The options with which one partition has the finals and drops of Kafka Streams windows with a grace period
 * (`TimeWindows.ofSizeAndGrace`, `suppress(untilWindowCloses)`): wait for out-of-order events as long as the grace period, then no
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
