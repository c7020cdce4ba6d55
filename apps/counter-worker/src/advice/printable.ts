/** Characters that change how a terminal shows what follows: control characters, line separators, bidi overrides. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal
const unsafe = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Text of an input as it may be shown to a person: one line, without control characters, shortened.
 *
 * @param most characters (code points) that are kept; a longer text ends in `…`
 */
export function printable(text: string | Uint8Array, most = 120): string {
  // A code point takes at most four bytes of UTF-8 and two code units.
  const head =
    typeof text === 'string' ? text.slice(0, 2 * most + 2) : decoder.decode(text.subarray(0, 4 * most + 4))
  const characters = [...head]
  const isShort = characters.length <= most
  const kept = (isShort ? characters : characters.slice(0, most)).join('')
  return kept.replace(unsafe, escaped) + (isShort ? '' : '…')
}

/** A word as a POSIX shell takes it. */
export function shellWord(word: string): string {
  return /^[\w.,:@/+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

function escaped(character: string): string {
  if (character === '\t') return '\\t'
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
