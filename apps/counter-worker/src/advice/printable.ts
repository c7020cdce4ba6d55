import { escapeControls } from '@card/app-kit'

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
  return escapeControls(kept) + (isShort ? '' : '…')
}

/** A word as a POSIX shell takes it; one with control characters in the quotes of POSIX 2024, as bytes. */
export function shellWord(word: string): string {
  if (/^[\w.,:@/+=-]+$/.test(word)) return word
  if (escapeControls(word) === word) return `'${word.replaceAll("'", `'\\''`)}'`
  const bytes = Array.from(new TextEncoder().encode(word), (byte) =>
    byte > 0x1f && byte < 0x7f && byte !== 0x27 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\${byte.toString(8).padStart(3, '0')}`,
  )
  return `$'${bytes.join('')}'`
}
