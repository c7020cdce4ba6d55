import { BadValue } from '@card/app-kit'

/** The IANA name of a time zone: `UTC`, `Europe/Berlin`. */
export function timeZone(text: string): string {
  // Making a formatter takes 20 ms, which the default can spare.
  if (text === 'UTC') return text
  try {
    // Its canonical name: Etc/UTC, GMT and utc are UTC.
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    throw new BadValue('the name of a time zone such as UTC or Europe/Berlin', text)
  }
}
