/** Control and format characters, unassigned ones, lone surrogates, and separators of lines and paragraphs. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu

/**
 * Text of unknown origin as a terminal may show it: whatever could move the cursor, hide text or reverse its direction
 * is written as JSON escapes it.
 *
 * @param keep unprintable characters that stay, such as `\n`
 */
export function escapeControls(text: string, keep = ''): string {
  return text.replace(unprintable, (character) => (keep.includes(character) ? character : escaped(character)))
}

/** Each UTF-16 unit as JSON writes it. */
function escaped(character: string): string {
  if (character === '\t') return '\\t'
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
