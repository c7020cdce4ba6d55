/**
 * The member names of a path such as `user.id`, from the root object down. A dot within a name is written `\.`, a
 * backslash before a dot `\\`, an `@` that begins the path also `\@`; any other backslash stands for itself.
 */
export function pathNames(path: string): string[] {
  const names = ['']
  for (let i = 0; i < path.length; i++) {
    const character = path[i]!
    const next = path[i + 1]
    if (character === '.') names.push('')
    else if (character === '\\' && (next === '.' || next === '\\' || (i === 0 && next === '@'))) {
      names[names.length - 1] += next
      i++
    } else names[names.length - 1] += character
  }
  return names
}
