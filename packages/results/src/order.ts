import { check, checkResult } from './checks.js'
import { ResultsError } from './errors.js'
import type { Result } from './result.js'

/** Of one step: finals, then corrections. Early results come in steps of their own. */
const rankOf = { early: 0, final: 1, corrected: 2 } as const

/**
 * The order of the results of one step of the watermark, for `sort`: finals, then corrections, each by end, then size,
 * then group (null first, then by UTF-8 bytes), the total of a window after its groups.
 *
 * @param windows every window name, sizes from finer to coarser, then the rolling views
 * @returns a comparison that throws ResultsError bad-option for a window that is not among them,
 *   and not-object, missing-field, bad-field for anything but a result
 * @throws ResultsError bad-option
 */
export function resultOrder(windows: readonly string[]): (a: Result, b: Result) => number {
  const areNames = Array.isArray(windows) && windows.every((window) => typeof window === 'string')
  check(areNames, 'windows', 'an array of window names', windows)
  const places = new Map(windows.map((window, place) => [window, place]))
  const placeOf = ({ window }: Result): number => {
    const place = places.get(window)
    if (place !== undefined) return place
    throw new ResultsError(
      'bad-option',
      `Found a result of the window "${window}", expected one of ${windows.join(', ')}; name every window.`,
    )
  }
  return (a, b) => {
    checkResult('resultOrder', a)
    checkResult('resultOrder', b)
    return (
      rankOf[a.pane] - rankOf[b.pane] ||
      a.end - b.end ||
      placeOf(a) - placeOf(b) ||
      Number(a.total ?? false) - Number(b.total ?? false) ||
      compareGroups(a.group, b.group)
    )
  }
}

/** Groups in the order of results: null first, then by their UTF-8 bytes. Negative, zero or positive, as for `sort`. @throws ResultsError bad-option */
export function compareGroups(a: string | null, b: string | null): number {
  if (typeof a !== 'string' || typeof b !== 'string') checkGroups(a, b)
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left !== right) return byteRank(left) - byteRank(right)
  }
  return a.length - b.length
}

function checkGroups(...groups: unknown[]): void {
  for (const group of groups)
    check(group === null || typeof group === 'string', 'group', 'a string or null', group)
}

/** UTF-16 units order as UTF-8 bytes do, but for surrogates, which stand for the characters beyond all other units. */
function byteRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
