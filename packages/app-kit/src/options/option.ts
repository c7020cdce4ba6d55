import type { ReadValue } from '../values/bad-value.js'

/**
 * One option of a command. Its name in a table is written in camel case or as the flag itself: `outOfOrder` is the flag
 * `--out-of-order`, the key `out-of-order` of a configuration file and the variable `PREFIX_OUT_OF_ORDER`.
 */
export interface Option<T> {
  /** The heading that it stands under in the manual. */
  readonly section: string
  /** What stands behind the flag in the manual; null for a switch. */
  readonly argument: string | null
  /** The default as a person would type it; null when there is none. */
  readonly fallback: string | null
  readonly read: ReadValue<T>
  readonly help: string
}

/** The options of a command, in the order of the manual. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>

/** The value of every option; null where it has no default and nothing gives one. */
export type OptionValues<T extends OptionTable> = { readonly [K in keyof T]: ReturnType<T[K]['read']> }

/** An option that is null unless given; with a default, one that always has a value. */
export function option<T>(
  section: string,
  argument: string | null,
  read: ReadValue<T>,
  help: string,
): Option<T | null>
export function option<T>(
  section: string,
  argument: string | null,
  read: ReadValue<T>,
  help: string,
  fallback: string,
): Option<T>
export function option<T>(
  section: string,
  argument: string | null,
  read: ReadValue<T>,
  help: string,
  fallback: string | null = null,
): Option<T | null> {
  return { section, argument, read, help, fallback }
}

/** The key of an option in a configuration file: `outOfOrder` is `out-of-order`. */
export function keyOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** The flag of an option: `outOfOrder` is `--out-of-order`. */
export function flagOf(name: string): string {
  return `--${keyOf(name)}`
}

/** The environment variable of an option: `outOfOrder` is `CARD_OUT_OF_ORDER` with the prefix `CARD_`. */
export function variableOf(prefix: string, name: string): string {
  return prefix + keyOf(name).toUpperCase().replaceAll('-', '_')
}
