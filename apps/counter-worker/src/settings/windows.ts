import { BadValue, quantity } from '@card/app-kit'

const fixedUnits: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

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

const sizesExpected =
  'sizes joined by commas: multiples of ms, s, m, h (5m, 36h), or one calendar unit 1d, 1w, 1M, 1q, 1y'

/**
 * Reads `1m,5m,1h,1d`. Sizes keep the order in which they were given.
 *
 * @throws BadValue when a size cannot be read, or two names mean one size (`60s,1m`)
 */
export function windowList(text: string): readonly WindowSetting[] {
  const windows = text.split(',').map((name) => windowSetting(name.trim()))
  refuseTwice(windows, 'size', sizeOf)
  return windows
}

function sizeOf(window: WindowSetting): string {
  return window.kind === 'fixed' ? `${window.milliseconds}` : window.unit
}

/** @throws BadValue naming the first two that are the same */
function refuseTwice<T extends { readonly name: string }>(
  settings: readonly T[],
  what: string,
  identity: (setting: T) => string,
): void {
  const nameOf = new Map<string, string>()
  for (const setting of settings) {
    const id = identity(setting)
    const other = nameOf.get(id)
    if (other !== undefined)
      throw new BadValue(`each ${what} once`, `${other},${setting.name}`, ', which are the same')
    nameOf.set(id, setting.name)
  }
}

function windowSetting(name: string): WindowSetting {
  const match = /^([1-9]\d*)(ms|s|m|h|d|w|M|q|y)$/.exec(name)
  if (match === null) throw new BadValue(sizesExpected, name)
  const count = Number(match[1])
  const unit = match[2] as string
  const calendar = calendarUnits[unit]
  if (calendar !== undefined) {
    if (count !== 1) throw new BadValue(sizesExpected, name)
    return { name, kind: 'calendar', unit: calendar }
  }
  const milliseconds = count * fixedUnits[unit]!
  // A window longer than a century is a slip of the keyboard, and its end may leave the range of dates.
  if (milliseconds > 3_155_760_000_000) throw new BadValue('a size of at most 100 years', name)
  return { name, kind: 'fixed', milliseconds }
}

/** A rolling view: at the end of each step, the last `count` of them. `name` is the text as typed. */
export interface RollingSetting {
  readonly name: string
  readonly every: WindowSetting
  readonly count: number
}

/** A day of seconds fits. Every frame is in as many views as they have steps, so more would be published than read. */
const mostSteps = 100_000

/** How many of a calendar unit make another. */
const stepsOf: Readonly<Record<string, number>> = { 'w/d': 7, 'q/M': 3, 'y/M': 12, 'y/q': 4 }

/**
 * Reads `60m/1m,30d/1d`: the last 60 minutes at the end of each minute, the last 30 days at the end of each day.
 *
 * @throws BadValue when a view cannot be read, its length is not two to 100,000 of its steps, or two names mean one view
 * (`60m/1m,1h/60s`)
 */
export function rollingList(text: string): readonly RollingSetting[] {
  const views = text.split(',').map((name) => rollingSetting(name.trim()))
  refuseTwice(views, 'view', ({ every, count }) => `${count} ${sizeOf(every)}`)
  return views
}

function rollingSetting(name: string): RollingSetting {
  const match = /^([1-9]\d*)(ms|s|m|h|d|w|M|q|y)\/(\d+(?:ms|s|m|h|d|w|M|q|y))$/.exec(name)
  if (match === null) {
    throw new BadValue('LENGTH/STEP joined by commas, such as 60m/1m or 30d/1d', name)
  }
  const every = windowSetting(match[3]!)
  const count = stepsIn(Number(match[1]), match[2]!, every)
  if (!Number.isSafeInteger(count) || count < 2) {
    throw new BadValue('a length of two or more whole steps', name)
  }
  if (count > mostSteps) {
    throw new BadValue(`a length of at most ${quantity(mostSteps, 'step')}`, name)
  }
  return { name, every, count }
}

/** How many steps a length holds; NaN or a fraction where it is no multiple of them. */
function stepsIn(length: number, unit: string, every: WindowSetting): number {
  if (every.kind === 'fixed') {
    const milliseconds = { ...fixedUnits, d: 86_400_000, w: 604_800_000 }[unit]
    return milliseconds === undefined ? Number.NaN : (length * milliseconds) / every.milliseconds
  }
  const step = every.name.slice(1)
  return unit === step ? length : length * (stepsOf[`${unit}/${step}`] ?? Number.NaN)
}
