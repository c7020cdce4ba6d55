/**
 * The raw texts of the values at the root of an object's JSON, by key; the last one of a repeated key.
 * JSON.parse cannot tell `5.0` from `5`. The text must be valid JSON.
 */
export function rootValues(json: string): Map<string, string> {
  const values = new Map<string, string>()
  let depth = 0
  let key = ''
  let from = 0
  for (let at = 0; at < json.length; at++) {
    const letter = json[at]!
    if (letter === '"') {
      const start = at
      for (at++; json[at] !== '"'; at++) if (json[at] === '\\') at++
      if (depth === 1 && from === 0) key = JSON.parse(json.slice(start, at + 1)) as string
      continue
    }
    if (letter === ':' && depth === 1 && from === 0) from = at + 1
    const closes = letter === '}' || letter === ']'
    if (from > 0 && depth === 1 && (letter === ',' || closes)) {
      values.set(key, json.slice(from, at).trim())
      from = 0
    }
    if (letter === '{' || letter === '[') depth++
    if (closes) depth--
  }
  return values
}
