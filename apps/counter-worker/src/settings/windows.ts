const fixedUnits = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const

type CalendarUnit = 'day' | 'week' | 'month' | 'quarter' | 'year'

const calendarUnits: Readonly<Record<string, CalendarUnit>> = {
  d: 'day',
  w: 'week',
  M: 'month',
  q: 'quarter',
  y: 'year',
}

/** One requested window size; `name` is the text as typed and names the window in every result. */
export type WindowSetting =
  | { readonly name: string; readonly kind: 'fixed'; readonly milliseconds: number }
  | { readonly name: string; readonly kind: 'calendar'; readonly unit: CalendarUnit }

const expected =
  'expected sizes joined by commas: multiples of ms, s, m, h (5m, 36h), or one calendar unit 1d, 1w, 1M, 1q, 1y'

/**
 * Reads `1m,5m,1h,1d`. Sizes keep the order in which they were given.
 *
 * @throws Error when a size cannot be read, or two names mean one size (`60s,1m`)
 */
export function windowList(text: string): readonly WindowSetting[] {
  const windows = text.split(',').map((name) => windowSetting(name.trim()))
  const nameOf = new Map<string, string>()
  for (const window of windows) {
    const size = window.kind === 'fixed' ? `${window.milliseconds}` : window.unit
    const other = nameOf.get(size)
    if (other !== undefined) {
      throw new Error(`${other} and ${window.name} are one size: name it once`)
    }
    nameOf.set(size, window.name)
  }
  return windows
}

function windowSetting(name: string): WindowSetting {
  const match = /^([1-9]\d*)(ms|s|m|h|d|w|M|q|y)$/.exec(name)
  if (match === null) throw new Error(`${expected}; found "${name}"`)
  const count = Number(match[1])
  const unit = match[2] as string
  const calendar = calendarUnits[unit]
  if (calendar !== undefined) {
    if (count !== 1) throw new Error(`${expected}; a calendar unit has count 1, found "${name}"`)
    return { name, kind: 'calendar', unit: calendar }
  }
  const milliseconds = count * fixedUnits[unit as keyof typeof fixedUnits]
  // A window longer than a century is a slip of the keyboard, and its end may leave the range of dates.
  if (milliseconds > 3_155_760_000_000)
    throw new Error(`expected a size of at most 100 years; found "${name}"`)
  return { name, kind: 'fixed', milliseconds }
}
