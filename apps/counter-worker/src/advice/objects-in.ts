/** Objects that are looked for in a text. */
const enough = 50
/** Characters that are looked through. */
const longest = 1024 * 1024

/** The whole JSON objects that stand in a text one behind the other, whatever is between them: not those inside others. */
export function objectsIn(text: string): string[] {
  const found: string[] = []
  let depth = 0
  let start = 0
  let isInString = false
  for (let i = 0; i < Math.min(text.length, longest) && found.length < enough; i++) {
    const character = text[i]
    if (isInString) {
      if (character === '\\') i++
      else if (character === '"') isInString = false
    } else if (character === '"') isInString = true
    else if (character === '{') {
      if (depth === 0) start = i
      depth++
    } else if (character === '}' && depth > 0) {
      depth--
      if (depth === 0) found.push(text.slice(start, i + 1))
    }
  }
  return found
}
