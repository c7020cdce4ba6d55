import type { EngineCore } from './core.js'

/** Windows of a size whose retention is over. */
export interface Expired {
  /** the name of the size */
  readonly window: string
  /** ms: every window that ends at or before it may be forgotten */
  readonly before: number
}

/** Windows whose retention has ended since the last call. */
export function takeExpired<S>({ plan, options, watermarks, expired }: EngineCore<S>): Expired[] {
  const moved: Expired[] = []
  // After the end of the input nothing more expires: the watermark is then Infinity.
  if (!Number.isFinite(watermarks.combined)) return moved
  for (const { size, assigner, hidden } of plan) {
    const retention = hidden ? undefined : options.retention[size.name]
    if (retention === undefined) continue
    assigner.locate(watermarks.combined + 1 - retention)
    const before = assigner.start
    if (before <= (expired.get(size.name) ?? Number.NEGATIVE_INFINITY)) continue
    expired.set(size.name, before)
    moved.push({ window: size.name, before })
  }
  return moved
}
