/** The bounds within which rows need no more than a look: they belong to one window, are in time and make nothing due. */
export interface ScanBounds {
  /** first ms of the window */
  low: number
  /** first ms after the window */
  high: number
  /** a time from here on, above the trusted time, makes something due */
  attention: number
  /** how far a time may be past the trusted time */
  ahead: number
  /** the trusted time, which follows the greatest time; moved by the scan */
  trusted: number
}

// Two functions without objects inside, so that the compiler sees nothing but numbers and typed arrays: a loop in
// `push` itself is compiled for every shape of columns that ever came, and costs half as much again.

/**
 * The hot loop. Looks at rows until one is out of bounds.
 *
 * @returns that row, or `to`
 */
export function scan(time: Float64Array, from: number, to: number, bounds: ScanBounds): number {
  const { low, high, attention, ahead } = bounds
  let { trusted } = bounds
  let row = from
  for (; row < to; row++) {
    const t = time[row]!
    // NaN fails the first comparison, a fraction the last.
    if (!(t >= low && t < high) || Math.floor(t) !== t) break
    if (t > trusted) {
      if (t >= attention || t - trusted > ahead) break
      trusted = t
    }
  }
  bounds.trusted = trusted
  return row
}

/** The same over rows of one group, with status 0; columns that are not there are left out. */
export function scanChecked(
  time: Float64Array,
  from: number,
  to: number,
  bounds: ScanBounds,
  id: number,
  group: Uint32Array | undefined,
  status: Uint8Array | undefined,
): number {
  const { low, high, attention, ahead } = bounds
  let { trusted } = bounds
  let row = from
  for (; row < to; row++) {
    const t = time[row]!
    if (!(t >= low && t < high) || Math.floor(t) !== t) break
    if (group !== undefined && group[row] !== id) break
    if (status !== undefined && status[row] !== 0) break
    if (t > trusted) {
      if (t >= attention || t - trusted > ahead) break
      trusted = t
    }
  }
  bounds.trusted = trusted
  return row
}
