import { WindowingError } from '@card/windowing'

/** Of a name that was not given. */
export function unknownPartition(partition: string): WindowingError {
  return new WindowingError(
    'unknown-partition',
    `Expected a partition that was added, found ${partition}; call addPartition first.`,
  )
}
