import { didYouMean } from '../options/suggestion.js'
import { BadValue, type ReadValue } from './bad-value.js'

/** One of the given words. */
export function oneOf<const W extends string>(...words: readonly W[]): ReadValue<W> {
  return (text) => {
    const found = words.find((word) => word === text)
    if (found !== undefined) return found
    throw new BadValue(listed(words), text, didYouMean(text, words))
  }
}

/** `true` or `false`, as a variable or a file says it. */
export function yesOrNo(text: string): boolean {
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  throw new BadValue('true or false', text)
}

/** `a`, `a or b`, `a, b or c`. */
function listed(words: readonly string[]): string {
  return words.length === 1 ? words[0]! : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
