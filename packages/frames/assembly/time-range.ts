/** Less than any time. */
export const noTime: f64 = -Infinity

// As in src/frame/time-range.ts.
const firstTime: i64 = -62135596800000
const endOfTime: i64 = 253370764800000

/** The time itself, or noTime outside the years 0001 to 9998 UTC. */
export function timeInRange(ms: i64): f64 {
  return ms >= firstTime && ms < endOfTime ? <f64>ms : noTime
}
