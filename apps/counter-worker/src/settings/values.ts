/** Reads the text of one setting. Throws a plain Error whose message says what was expected. */
export type ReadValue<T> = (text: string) => T

const millisecondsOf = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const
const bytesOf = { '': 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const

/** A duration such as `500ms`, `5s`, `1m`, `2h`, `1d`, `1w`, in milliseconds. */
export function duration(text: string): number {
  const match = /^(\d+)(ms|s|m|h|d|w)$/.exec(text)
  const milliseconds = match === null ? Number.NaN : Number(match[1]) * millisecondsOf[match[2] as 's']
  if (!Number.isSafeInteger(milliseconds)) {
    throw new Error('expected a duration such as 500ms, 5s, 1m, 2h, 1d or 1w')
  }
  return milliseconds
}

/** A duration of at least a millisecond, or `off` (null). */
export function durationOrOff(text: string): number | null {
  if (text === 'off') return null
  const milliseconds = duration(text)
  if (milliseconds === 0) throw new Error('expected a duration of at least 1ms, or off')
  return milliseconds
}

/** The longest a timer can wait: 2^31 - 1 ms. */
const longestTimer = 2 ** 31 - 1

/** How often by the wall clock, or `off` (null): at most 24 days, the longest a timer can wait. */
export function periodOrOff(text: string): number | null {
  const milliseconds = durationOrOff(text)
  if (milliseconds !== null && milliseconds > longestTimer) throw new Error('expected at most 24d, or off')
  return milliseconds
}

/** A number of bytes such as `1048576`, `64KiB`, `1MiB`, `10MB`, between the bounds. */
export function byteSize(least: number, most: number): ReadValue<number> {
  return (text) => {
    const match = /^(\d+)(B|KB|MB|GB|KiB|MiB|GiB|)$/.exec(text)
    const bytes = match === null ? Number.NaN : Number(match[1]) * bytesOf[match[2] as 'B']
    if (!(bytes >= least && bytes <= most)) {
      throw new Error(`expected a size from ${least} to ${most} bytes, such as 64KiB or 1MiB`)
    }
    return bytes
  }
}

/** A whole number between the bounds, in decimal digits. */
export function wholeNumber(least: number, most: number): ReadValue<number> {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(number >= least && number <= most)) {
      throw new Error(`expected a whole number from ${least} to ${most}`)
    }
    return number
  }
}

/** A percentage such as `1.5` or `1.5%`, between the bounds. */
export function percentage(least: number, most: number): ReadValue<number> {
  return (text) => {
    const match = /^(\d+(?:\.\d+)?|\.\d+)%?$/.exec(text)
    const number = match === null ? Number.NaN : Number(match[1])
    if (!(number >= least && number <= most)) {
      throw new Error(`expected a percentage from ${least} to ${most}, such as 1.5`)
    }
    return number
  }
}

/** One of the given words. */
export function oneOf<const W extends string>(...words: readonly W[]): ReadValue<W> {
  return (text) => {
    if (!(words as readonly string[]).includes(text)) throw new Error(`expected ${words.join(' or ')}`)
    return text as W
  }
}

/** `true` or `false`, as a variable or a file says it. */
export function yesOrNo(text: string): boolean {
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  throw new Error('expected true or false')
}

/** A path of keys joined by dots, none of them empty: `uid`, `user.id`. */
export function keyPath(text: string): string {
  if (text.split('.').some((step) => step === '')) {
    throw new Error('expected a key such as uid, or keys joined by dots such as user.id')
  }
  return text
}

/** A path of keys, or `none` (null). */
export function keyPathOrNone(text: string): string | null {
  return text === 'none' ? null : keyPath(text)
}

/** The path of a file, not empty. */
export function filePath(text: string): string {
  if (text === '') throw new Error('expected the path of a file')
  return text
}

/** The IANA name of a time zone: `UTC`, `Europe/Berlin`. */
export function timeZone(text: string): string {
  // Making a formatter takes 20 ms, which the default can spare.
  if (text === 'UTC') return text
  try {
    // Its canonical name: Etc/UTC, GMT and utc are UTC.
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    throw new Error('expected the name of a time zone such as UTC or Europe/Berlin')
  }
}
