/** 0001-01-01T00:00:00Z, the first time that is accepted, in ms since the Unix epoch. */
const firstTime = -62135596800000
/** 9999-01-01T00:00:00Z, the first time after those accepted. */
const endOfTime = 253370764800000

/** The time itself, or NaN outside the years 0001 to 9998 UTC. */
export function timeInRange(ms: number): number {
  return ms >= firstTime && ms < endOfTime ? ms : Number.NaN
}
