/** Reads the text of an option. @throws BadValue */
export type ReadValue<T> = (text: string) => T

/** A text that an option does not take. Its reader knows what was expected; the option's name and source are added. */
export class BadValue extends Error {
  override readonly name = 'BadValue'

  /**
   * @param expected what the option takes: `a duration such as 5s`
   * @param found the text, or the part of it that is wrong
   * @param hint what may have been meant
   */
  constructor(expected: string, found: string, hint = '') {
    super(`expected ${expected}, found ${found === '' ? 'an empty string' : JSON.stringify(found)}${hint}`)
  }
}
