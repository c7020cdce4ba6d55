import type { WindowResult } from '@card/counting'
import type { Result } from '@card/results'

/** A result of the counting core as it is published: where there is no sketch, the same object. */
export function resultOf(result: WindowResult): Result {
  if (result.image === undefined) return result
  const { image, ...rest } = result
  return { ...rest, sketch: Buffer.from(image).toString('base64') }
}
