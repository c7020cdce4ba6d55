/** One flag: what the manual says of it and how its text becomes a value. */
export interface OptionRow<T> {
  /** The placeholder of the value in the manual; null for a switch. */
  readonly placeholder: string | null
  /** The manual's sentence, with the range. */
  readonly help: string
  /** The default as text; null when there is none. */
  readonly fallback: string | null
  /** @throws BadValue */
  readonly parse: (text: string) => T
}

/** The flags of a command, by their names in camel case, in the manual's order. */
export type OptionRows = Readonly<Record<string, OptionRow<unknown>>>

/** A flag that always has a value. */
export function required<T>(
  placeholder: string,
  help: string,
  fallback: string,
  parse: (text: string) => T,
): OptionRow<T> {
  return { placeholder, help, fallback, parse }
}

/** A flag that may be left out. */
export function optional<T>(
  placeholder: string,
  help: string,
  parse: (text: string) => T,
): OptionRow<T | undefined> {
  return { placeholder, help, fallback: null, parse }
}

/** A flag without a value. */
export function onOff(help: string): OptionRow<boolean> {
  return { placeholder: null, help, fallback: null, parse: () => true }
}
